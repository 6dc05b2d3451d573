//! Dependencies in the project's own manifests: added in their style, taken out without a trace, the user's own untouched.

use crate::scene::*;
use integrate::deploy::{self, Action};
use integrate::package::{Dependency, Package};

pub fn needs(dependencies: &[Dependency]) -> Package {
    Package { dependencies: dependencies.to_vec(), ..package(&[("in/a.py", "1\n")]) }
}

pub fn python(name: &str, version: &str) -> Dependency {
    dependency("python", name, version)
}

pub fn typescript(name: &str, version: &str) -> Dependency {
    dependency("typescript", name, version)
}

pub fn development(dependency: Dependency) -> Dependency {
    Dependency { development: true, ..dependency }
}

/// Asserts what wiring makes of the manifest, that a second run changes nothing, and that removal gives it back.
fn there_and_back(path: &str, before: &str, dependencies: &[Dependency], after: &str) {
    let scene = Scene::new();
    scene.write(path, before);
    scene.apply(&needs(dependencies));
    assert_eq!(scene.read(path), after);
    assert!(scene.plan(&needs(dependencies)).is_empty());
    scene.remove_entry("a");
    assert_eq!(scene.read(path), before);
}

#[test]
fn python_lists_keep_their_layout_and_comments() {
    let cases = [
        ("[]", "[\n    \"m>=1\",\n]"),
        ("[\"a\", \"z\"]", "[\"a\", \"m>=1\", \"z\"]"),
        ("[\"z\", \"a\"]", "[\"z\", \"a\", \"m>=1\"]"),
        ("[\"n\", \"z\"]", "[\"m>=1\", \"n\", \"z\"]"),
        ("[\"a\"]", "[\"a\", \"m>=1\"]"),
        ("[\n  \"a\",\n]", "[\n  \"a\",\n  \"m>=1\",\n]"),
        ("[\n  \"a\"\n]", "[\n  \"a\",\n  \"m>=1\"\n]"),
        ("[\n\t\"a\", # one\n\t\"z\", # two\n]", "[\n\t\"a\", # one\n\t\"m>=1\",\n\t\"z\", # two\n]"),
        ("[\n    \"a\",  # one\n]", "[\n    \"a\",  # one\n    \"m>=1\",\n]"),
        ("[\n    \"a\"  # one\n]", "[\n    \"a\",  # one\n    \"m>=1\"\n]"),
        (
            "[\n    # of a\n    \"a\",\n    # of z\n    \"z\",\n    # the end\n]",
            "[\n    # of a\n    \"a\",\n    \"m>=1\",\n    # of z\n    \"z\",\n    # the end\n]",
        ),
        ("[\n    # of n\n    \"n\",\n    \"z\",\n]", "[\n    \"m>=1\",\n    # of n\n    \"n\",\n    \"z\",\n]"),
    ];
    for (list, wired) in cases {
        let text = |list: &str| {
            format!("# top\n[project]\nname = 'mine'   # odd\ndependencies = {list}\n\n[tool.ruff]\nline-length=88\n")
        };
        there_and_back("pyproject.toml", &text(list), &[python("m", ">=1")], &text(wired));
    }
}

#[test]
fn python_development_goes_where_the_project_keeps_it() {
    let project = "[project]\nname = \"mine\"\ndependencies = [\"m\"]\n";
    let cases = [
        (String::new(), "\n[dependency-groups]\ndev = [\n    \"pytest>=8\",\n]\n".to_owned()),
        (
            "\n[dependency-groups]\ndev = [\"ruff\"]\n".to_owned(),
            "\n[dependency-groups]\ndev = [\"ruff\", \"pytest>=8\"]\n".to_owned(),
        ),
        (
            "\n[dependency-groups]\nlint = [\"ruff\"]\n".to_owned(),
            "\n[dependency-groups]\nlint = [\"ruff\"]\ndev = [\n    \"pytest>=8\",\n]\n".to_owned(),
        ),
        (
            "\n[tool.uv]\ndev-dependencies = [\"ruff\"]\n".to_owned(),
            "\n[tool.uv]\ndev-dependencies = [\"ruff\", \"pytest>=8\"]\n".to_owned(),
        ),
        (
            "\n[tool.poetry.group.dev.dependencies]\nruff = \"*\"\n".to_owned(),
            "\n[tool.poetry.group.dev.dependencies]\nruff = \"*\"\npytest = \">=8\"\n".to_owned(),
        ),
    ];
    for (before, after) in cases {
        let needed = [development(python("pytest", ">=8"))];
        there_and_back("pyproject.toml", &format!("{project}{before}"), &needed, &format!("{project}{after}"));
    }
}

#[test]
fn poetry_tables_are_used_where_the_project_uses_them() {
    let before = "[tool.poetry]\nname = \"mine\"\n\n[tool.poetry.dependencies]\npython = \"^3.11\"  # ours\n\n[build-system]\nrequires = [\"poetry-core\"]\n";
    let after = "[tool.poetry]\nname = \"mine\"\n\n[tool.poetry.dependencies]\npython = \"^3.11\"  # ours\nhttpx2 = \">=2.14,<3\"\nsqlalchemy = { version = \">=2\", extras = [\"asyncio\"] }\n\n[tool.poetry.group.dev.dependencies]\npytest = \">=8\"\n\n[build-system]\nrequires = [\"poetry-core\"]\n";
    let needed =
        [python("httpx2", ">=2.14,<3"), python("sqlalchemy[asyncio]", ">=2"), development(python("pytest", ">=8"))];
    there_and_back("pyproject.toml", before, &needed, after);
}

#[test]
fn package_json_keeps_its_indent_order_and_end() {
    let cases = [
        ("{\n  \"name\": \"x\"\n}\n", "{\n  \"name\": \"x\",\n  \"dependencies\": {\n    \"m\": \"^1.0.0\"\n  }\n}\n"),
        (
            "{\n\t\"dependencies\": {\n\t\t\"a\": \"1\",\n\t\t\"z\": \"1\"\n\t},\n\t\"n\": 1.0\n}",
            "{\n\t\"dependencies\": {\n\t\t\"a\": \"1\",\n\t\t\"m\": \"^1.0.0\",\n\t\t\"z\": \"1\"\n\t},\n\t\"n\": 1.0\n}",
        ),
        (
            "{\n    \"dependencies\": {\n        \"z\": \"1\",\n        \"a\": \"1\"\n    }\n}",
            "{\n    \"dependencies\": {\n        \"z\": \"1\",\n        \"a\": \"1\",\n        \"m\": \"^1.0.0\"\n    }\n}",
        ),
        ("{\n  \"dependencies\": {}\n}\n", "{\n  \"dependencies\": {\n    \"m\": \"^1.0.0\"\n  }\n}\n"),
        (
            "{\"files\":[\"a\",\"\\\"}\"],\"dependencies\":{\"a\":\"1\"}}",
            "{\"files\":[\"a\",\"\\\"}\"],\"dependencies\":{\"a\":\"1\", \"m\": \"^1.0.0\"}}",
        ),
    ];
    for (before, after) in cases {
        there_and_back("package.json", before, &[typescript("m", "^1.0.0")], after);
    }
}

#[test]
fn hostile_42_byte_order_marks_and_line_ends_of_a_manifest_stay() {
    let toml = "\u{feff}[project]\r\nname = \"x\"\r\ndependencies = [\r\n    \"a\",  # one\r\n]\r\n";
    there_and_back(
        "pyproject.toml",
        toml,
        &[python("m", ">=1")],
        "\u{feff}[project]\r\nname = \"x\"\r\ndependencies = [\r\n    \"a\",  # one\r\n    \"m>=1\",\r\n]\r\n",
    );
    let json = "\u{feff}{\r\n  \"name\": \"caf\\u00e9\"\r\n}";
    there_and_back(
        "package.json",
        json,
        &[typescript("m", "^1.0.0")],
        "\u{feff}{\r\n  \"name\": \"caf\\u00e9\",\r\n  \"dependencies\": {\r\n    \"m\": \"^1.0.0\"\r\n  }\r\n}",
    );
    let scene = Scene::new();
    scene.write("pyproject.toml", "[project]\r\nname = \"x\"\ndependencies = []\n");
    let plan = scene.plan(&needs(&[python("m", ">=1")]));
    assert_eq!(
        of(&plan, "pyproject.toml"),
        (Action::Conflict, "cannot be edited without touching its mixed line ends: make them all alike")
    );
}

#[test]
fn an_empty_project_gets_the_smallest_manifests() {
    let scene = Scene::new();
    let needed = [
        python("httpx2", ">=2.14,<3"),
        development(python("pytest", ">=8")),
        typescript("kysely", "^0.28.0"),
        development(typescript("typescript", "^6.0.0")),
    ];
    scene.apply(&needs(&needed));
    assert_eq!(
        scene.read("pyproject.toml"),
        "[project]\nname = \"integrations\"\nversion = \"0.1.0\"\nrequires-python = \">=3.11\"\ndependencies = [\n    \"httpx2>=2.14,<3\",\n]\n\n[dependency-groups]\ndev = [\n    \"pytest>=8\",\n]\n"
    );
    assert_eq!(
        scene.read("package.json"),
        "{\n  \"private\": true,\n  \"type\": \"module\",\n  \"dependencies\": {\n    \"kysely\": \"^0.28.0\"\n  },\n  \"devDependencies\": {\n    \"typescript\": \"^6.0.0\"\n  }\n}\n"
    );
    scene.remove("package.json");
    let plan = scene.plan(&needs(&needed));
    assert_eq!(plan.notes, ["`package.json` is kept deleted: add `kysely ^0.28.0`, `typescript ^6.0.0` yourself"]);
    scene.remove_entry("a");
    assert!(scene.tree().is_empty());
}

#[test]
fn a_manifest_we_made_and_the_user_extended_is_the_users() {
    let scene = Scene::new();
    scene.apply(&needs(&[python("httpx2", ">=2")]));
    scene.write("pyproject.toml", format!("{}\n[tool.ruff]\n", scene.read("pyproject.toml")));
    scene.remove_entry("a");
    assert!(scene.read("pyproject.toml").ends_with("dependencies = []\n\n[tool.ruff]\n"));
}

#[test]
fn our_own_line_follows_a_newer_version_and_an_edited_one_is_the_users() {
    let scene = Scene::new();
    scene.write("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"a\", \"z\"]\n");
    scene.apply(&needs(&[python("m", ">=1")]));
    scene.apply(&needs(&[python("m", ">=2"), python("n", ">=1")]));
    assert!(scene.read("pyproject.toml").contains("[\"a\", \"m>=2\", \"n>=1\", \"z\"]"));
    scene.apply(&needs(&[python("m", ">=2")]));
    assert!(scene.read("pyproject.toml").contains("[\"a\", \"m>=2\", \"z\"]"), "what is no longer needed goes");
    scene.write("pyproject.toml", scene.read("pyproject.toml").replace("m>=2", "m>=2.5"));
    let plan = scene.remove_entry("a");
    assert_eq!(plan.notes, ["`m` stays in `project.dependencies`: its line is no longer as it was written"]);
    assert!(scene.read("pyproject.toml").contains("[\"a\", \"m>=2.5\", \"z\"]"));
}

#[test]
fn what_cannot_be_wired_is_said_and_not_forced() {
    let needed = needs(&[python("httpx2", ">=2")]);
    let dynamic = "[project]\nname = \"x\"\nrequires-python = \">=3.9\"\ndynamic = [\"dependencies\"]\n";
    let cases = [
        ("setup.py", "", "`setup.py` holds what the project depends on: add `httpx2 >=2` yourself"),
        ("pyproject.toml", dynamic, "`requires-python` is `>=3.9`; the generated code needs Python 3.11 or newer"),
    ];
    for (path, text, note) in cases {
        let scene = Scene::new();
        scene.write(path, text);
        let plan = scene.plan(&needed);
        assert_eq!(plan.notes[0], note);
        deploy::apply(&plan, &scene.target).unwrap();
        assert_eq!(scene.read(path), text);
    }
    let scene = Scene::protecting(&["pyproject.toml"]);
    assert_eq!(scene.plan(&needed).notes, ["`pyproject.toml` is protected: add `httpx2 >=2` yourself"]);
}

#[test]
fn a_manifest_that_cannot_be_read_says_where() {
    let told = |path: &str, text: &str, needed: Dependency| {
        let scene = Scene::new();
        scene.write(path, text);
        problem(scene.try_plan(&needs(&[needed]), &entries(&["a"])))
    };
    assert!(told("pyproject.toml", "[project]\nname = \n", python("m", ">=1")).starts_with("pyproject.toml:2:8: "));
    assert!(told("package.json", "{\n  // no\n}", typescript("m", "^1")).starts_with("package.json:2:3: "));
    assert_eq!(told("package.json", "[]", typescript("m", "^1")), "package.json: not an object");
    assert_eq!(
        told("package.json", "{\"dependencies\": []}", typescript("m", "^1")),
        "package.json: `dependencies` is not an object"
    );
}

#[test]
fn a_pyproject_of_tools_only_becomes_a_project() {
    let scene = Scene::new();
    scene.write("pyproject.toml", "[tool.ruff]\nline-length = 88\n");
    scene.apply(&needs(&[python("m", ">=1")]));
    assert_eq!(
        scene.read("pyproject.toml"),
        "[tool.ruff]\nline-length = 88\n\n[project]\nname = \"integrations\"\nversion = \"0.1.0\"\nrequires-python = \">=3.11\"\ndependencies = [\n    \"m>=1\",\n]\n"
    );
}

#[test]
fn what_one_entry_runs_on_and_another_tests_with_is_a_runtime_requirement() {
    for needed in
        [[python("m", ">=1"), development(python("m", ">=1"))], [development(python("m", ">=1")), python("m", ">=1")]]
    {
        let scene = Scene::new();
        scene.apply(&needs(&needed));
        assert!(scene.read("pyproject.toml").ends_with("dependencies = [\n    \"m>=1\",\n]\n"));
    }
}
