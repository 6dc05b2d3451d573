//! Requirements the user already has on the same package: they stay, and where they cannot serve it is a conflict.

use crate::manifests::{development, needs, python, typescript};
use crate::scene::*;
use integrate::deploy::{self, Action};

#[test]
fn a_requirement_of_the_users_that_serves_is_left_alone() {
    let serving = [
        "httpx2",
        "HTTPX2 >= 2",
        "httpx2[http2]>=2.20 ; python_version > '3'",
        "httpx2~=2.15",
        "httpx2==2.*",
        "httpx2<4,!=2.15",
        "httpx2 @ git+https://example.org/httpx2",
        "httpx2 (>=2.14)",
        "httpx2==2.14.3",
    ];
    for requirement in serving {
        let scene = Scene::new();
        let text = format!("[project]\nname = \"x\"\ndependencies = [\"{requirement}\"]\n");
        scene.write("pyproject.toml", &text);
        scene.apply(&needs(&[python("httpx2", ">=2.14,<3")]));
        assert_eq!(scene.read("pyproject.toml"), text, "{requirement}");
        scene.remove_entry("a");
        assert_eq!(scene.read("pyproject.toml"), text, "{requirement}");
    }
    for range in [
        "^3.4.0",
        "3",
        "*",
        "",
        "latest",
        "workspace:*",
        "file:../m",
        "npm:other@1",
        ">=2 <5",
        "3.x || 4",
        "1.0.0 - 3.9",
        "~3.5.1",
    ] {
        let scene = Scene::new();
        let text = format!("{{ \"dependencies\": {{ \"m\": \"{range}\" }} }}");
        scene.write("package.json", &text);
        scene.apply(&needs(&[typescript("m", "^3.4.0"), development(typescript("m", "^3.4.0"))]));
        assert_eq!(scene.read("package.json"), text, "{range}");
    }
}

#[test]
fn a_pin_that_cannot_serve_is_a_conflict_and_stays() {
    for pin in [
        "httpx2==2.13",
        "HttpX2<2.14",
        "httpx2[http2]~=1.0",
        "httpx2>=3",
        "httpx2==2.14rc1; python_version>'3'",
        "httpx2>=1,<2",
        "httpx2==1.*",
        "httpx2>3",
    ] {
        let scene = Scene::new();
        scene.write("pyproject.toml", format!("[project]\nname = \"x\"\ndependencies = [\"{pin}\"]\n"));
        let before = scene.tree();
        let plan = scene.plan(&needs(&[python("httpx2", ">=2.14,<3")]));
        let (action, reason) = of(&plan, "pyproject.toml");
        assert!(
            action == Action::Conflict && reason.contains("the generated code needs `>=2.14,<3`"),
            "{pin}: {reason}"
        );
        problem(deploy::apply(&plan, &scene.target));
        assert!(scene.tree() == before);
    }
    for pin in ["^2.0.0", "3.3.9", "~3.3", "<3.4", ">=4", "4.x", "^0.3.4", "1 - 2"] {
        let scene = Scene::new();
        scene.write("package.json", format!("{{ \"devDependencies\": {{ \"m\": \"{pin}\" }} }}"));
        assert_eq!(of(&scene.plan(&needs(&[typescript("m", "^3.4.0")])), "package.json").0, Action::Conflict, "{pin}");
    }
    let scene = Scene::new();
    scene.write("pyproject.toml", "[tool.poetry.dependencies]\nhttpx2 = {version = \"^1.9\", extras = [\"x\"]}\n");
    assert_eq!(of(&scene.plan(&needs(&[python("httpx2", ">=2")])), "pyproject.toml").0, Action::Conflict);
}

#[test]
fn a_requirement_in_another_table_counts_for_what_it_installs() {
    let text = "[project]\nname = \"x\"\ndependencies = []\n\n[project.optional-dependencies]\ntest = [\"pytest\", \"httpx2\"]\n";
    let scene = Scene::new();
    scene.write("pyproject.toml", text);
    scene.apply(&needs(&[python("httpx2", ">=2"), development(python("pytest", ">=8"))]));
    assert_eq!(
        scene.read("pyproject.toml"),
        text.replace("dependencies = []", "dependencies = [\n    \"httpx2>=2\",\n]")
    );
    let scene = Scene::new();
    scene.write("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"sqlalchemy>=2\"]\n");
    scene.apply(&needs(&[python("SQLAlchemy[asyncio]", ">=2.0.40")]));
    assert!(scene.read("pyproject.toml").contains("[\"sqlalchemy>=2\", \"SQLAlchemy[asyncio]>=2.0.40\"]"));
}

#[test]
fn lines_with_markers_serve_when_one_of_them_does() {
    let text =
        "[project]\nname = \"x\"\ndependencies = [\"m<1; python_version<'3.9'\", \"m>=2; python_version>='3.9'\"]\n";
    let scene = Scene::new();
    scene.write("pyproject.toml", text);
    scene.apply(&needs(&[python("m", ">=2")]));
    assert_eq!(scene.read("pyproject.toml"), text);
}

#[test]
fn a_key_of_the_users_without_our_extra_is_a_conflict_and_not_replaced() {
    let scene = Scene::new();
    scene.write("pyproject.toml", "[tool.poetry.dependencies]\nsqlalchemy = \"^2.0\"\n");
    let plan = scene.plan(&needs(&[python("sqlalchemy[asyncio]", ">=2")]));
    let reason =
        "`sqlalchemy[asyncio]` in `tool.poetry.dependencies` lacks what the generated code needs: add `asyncio`";
    assert_eq!(of(&plan, "pyproject.toml"), (Action::Conflict, reason));
}
