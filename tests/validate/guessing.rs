//! The patterns that a file written by hand is taken for, and the imports that tell.

use integrate::validate::HeldTo;
use integrate::validate::grammar::{Grammar, Tree};

use super::scene::{WITHOUT_TIMEOUT, check_one, found};

#[test]
fn the_pattern_of_a_file_by_hand_is_scored_and_explained() {
    for (path, code, pattern) in [
        ("github_adapter.py", WITHOUT_TIMEOUT, "api"),
        (
            "store.py",
            "import sqlite3\n\ndb = sqlite3.connect(\"a\")\ndb.execute(\"SELECT 1\").fetchone()\n",
            "database",
        ),
        ("worker.py", "import pika\n\nchannel.basic_qos(prefetch_count=1)\n", "queue"),
        ("media.ts", "import { S3Client } from \"@aws-sdk/client-s3\";\n", "storage"),
        ("login.py", "from joserfc import jwt\n", "auth"),
        ("metrics.ts", "import { Counter } from \"prom-client\";\n", "monitoring"),
        ("orders.ts", "export const orders = () => fetch(\"/orders\", { signal });\n", "api"),
    ] {
        let report = check_one(path, code.as_bytes(), HeldTo::Unknown);
        assert_eq!(report.checked[0].patterns, [pattern], "{path}");
        assert!(report.checked[0].why.starts_with(&format!("{pattern} ")) && report.checked[0].guessed);
    }
}

#[test]
fn imports_are_read_from_the_tree_wherever_they_stand() {
    for (code, imported) in [
        ("import requests; requests.get(\"https://a\", verify=False)\n", &["requests"][..]),
        ("import os, google . cloud . storage as s\nfrom .a import b\n", &[".a", "google.cloud.storage", "os"]),
        (
            "def f():\n    try:\n        from boto3 import client\n    except ImportError: import s3fs\n",
            &["boto3", "s3fs"],
        ),
        ("\"\"\"Like this:\n\nimport boto3\nfrom botocore import x\n\"\"\"\n# import pika\n", &[]),
    ] {
        let tree = Tree::parse(code, Grammar::Python).unwrap();
        assert_eq!(tree.imports(), imported, "{code}");
    }
    let code = "import a from \"a\"; import \"b\";\nexport * from 'c';\nconst d = require(\"d\"); const e = await import('@x/e');\n\
        import f = require(\"f\");\n/* import g from \"g\" */ const h = 'import i from \"i\"'; import type { J } from \"j\";\n";
    let tree = Tree::parse(code, Grammar::TypeScript).unwrap();
    assert_eq!(tree.imports(), ["@x/e", "a", "b", "c", "d", "f", "j"]);
}

#[test]
fn a_text_that_cannot_import_a_module_is_told_without_a_tree() {
    use integrate::validate::imports::may_be_in;
    for (code, may) in [
        ("import os; import requests as r\n", true),
        ("import os, \\\n    sys, \\\n    requests\n", true),
        ("from requests.sessions import Session\n", true),
        ("import requests2\n", false),
        ("\"\"\"Too many requests.\"\"\"\n", false),
    ] {
        assert_eq!(may_be_in(code, "requests", "python"), may, "{code}");
    }
    assert!(may_be_in("import {\n  a,\n} from\n  'jose/jwt'", "jose", "typescript"));
    assert!(!may_be_in("// the jose library\n", "jose", "typescript"));
}

#[test]
fn a_call_on_the_line_of_its_import_is_held_to_the_rules_and_a_docstring_names_no_pattern() {
    let code = b"import requests; requests.get(\"https://a\", timeout=1, verify=False)\n";
    assert_eq!(found(&check_one("a.py", code, HeldTo::Unknown)), ["tls-verification-disabled"]);
    let docstring = b"\"\"\"Use it like this:\n\nimport boto3\n\"\"\"\n\na = 1\n";
    assert!(check_one("a.py", docstring, HeldTo::Unknown).checked.is_empty());
}

#[test]
fn patterns_too_close_to_tell_are_both_held_to() {
    let code = "import requests\nimport psycopg\n\nrequests.get(\"https://a\")\ndb.execute(\"DELETE FROM orders\")\n";
    let report = check_one("sync.py", code.as_bytes(), HeldTo::Unknown);
    assert_eq!(report.checked[0].patterns, ["api", "database"]);
    assert!(report.checked[0].why.contains("too close to tell apart"));
    assert_eq!(found(&report), ["call-without-timeout", "write-without-condition"]);
}
