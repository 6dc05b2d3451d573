//! TypeScript in a project that has settings of its own.

use std::process::Command;

use super::scene::{Project, tools};

const CREATE: [&str; 6] = ["create", "shop", "--source", "openapi.yaml", "--language", "typescript"];

#[test]
fn settings_of_the_projects_own_stay_as_they_are() {
    for theirs in ["{\"compilerOptions\": {\"strict\": true}}\n", "// with comments\n{}\n"] {
        let project = Project::new();
        project.write("tsconfig.json", theirs);
        project.ok(&CREATE);
        project.ok(&["create"]);
        project.ok(&["validate"]);
        assert_eq!(project.read("tsconfig.json"), theirs);
        project.ok(&["remove", "shop"]);
        assert_eq!(project.read("tsconfig.json"), theirs);
    }
}

#[test]
fn settings_that_were_ours_and_are_edited_are_the_projects_own() {
    let project = Project::after(&[&CREATE]);
    let ours = project.read("tsconfig.json");
    project.write("tsconfig.json", "{}\n");
    project.ok(&["create", "shop", "--set", "attempts=5"]);
    project.ok(&["remove", "shop"]);
    assert_eq!(project.read("tsconfig.json"), "{}\n");
    // Those that nobody touched go again, also where they are the same as before by chance.
    let other = Project::after(&[&CREATE, &["remove", "shop"]]);
    assert!(!other.has("tsconfig.json"));
    other.write("tsconfig.json", &ours);
    other.ok(&CREATE);
    other.ok(&["remove", "shop"]);
    assert_eq!(other.read("tsconfig.json"), ours);
}

/// The project's own modules may be CommonJS, its compiler may look for modules as bundlers do and name no types.
#[test]
fn the_code_compiles_whatever_the_projects_own_modules_are() {
    let Some(modules) = tools("node/node_modules") else { return };
    for (kind, settings) in [
        ("commonjs", None),
        (
            "commonjs",
            Some(
                "{\"compilerOptions\": {\"module\": \"nodenext\", \"strict\": true, \"noEmit\": true, \"skipLibCheck\": true}}",
            ),
        ),
        (
            "module",
            Some(
                "{\"compilerOptions\": {\"module\": \"esnext\", \"moduleResolution\": \"bundler\", \"target\": \"es2023\", \"strict\": true, \"noEmit\": true, \"skipLibCheck\": true}}",
            ),
        ),
    ] {
        let project = Project::new();
        project.write("package.json", &format!("{{\n  \"name\": \"x\",\n  \"type\": \"{kind}\"\n}}\n"));
        settings.iter().for_each(|settings| project.write("tsconfig.json", settings));
        project.ok(&CREATE);
        std::os::unix::fs::symlink(&modules, project.path("node_modules")).unwrap();
        let run = Command::new(modules.join(".bin/tsc"))
            .args(["-p", "."])
            .current_dir(project.folder.path())
            .output()
            .unwrap();
        assert!(run.status.success(), "{kind} {settings:?}\n{}", String::from_utf8_lossy(&run.stdout));
    }
}
