use super::{PLAYBOOKS, folder, get, list, read};
use crate::toolbox::Toolbox;
use revarch_tools::Toolset;
use rmcp::model::{ErrorCode, ResourceContents, Skill, SkillResources, validate_skills};

fn toolbox(toolsets: &[Toolset]) -> Toolbox {
    Toolbox::new(revarch_tools::all()).offering(toolsets)
}

fn text(skill: &Skill, toolbox: &Toolbox) -> String {
    match read(&skill.uri, toolbox).unwrap().contents.remove(0) {
        ResourceContents::TextResourceContents { text, .. } => text,
        other => panic!("{other:?}"),
    }
}

/// The words between backticks that look like the name of a tool.
fn named(text: &str) -> Vec<&str> {
    let is_name = |word: &&str| {
        word.contains('_') && word.chars().all(|letter| letter == '_' || letter.is_ascii_lowercase())
    };
    text.split('`').skip(1).step_by(2).filter(is_name).collect()
}

/// Arguments that a skill may name besides tools.
const ARGUMENTS: &[&str] = &["compare_with", "dont_know", "tools_lists"];

#[test]
fn a_skill_names_only_tools_that_are_offered() {
    for toolsets in [&Toolset::ALL[..], &Toolset::DEFAULT, &[Toolset::Assess], &[Toolset::Leads]] {
        let toolbox = toolbox(toolsets);
        for skill in list(&toolbox) {
            let text = text(&skill, &toolbox);
            for tool in named(&text) {
                assert!(toolbox.offers(tool) || ARGUMENTS.contains(&tool), "{}: `{tool}`", skill.uri);
            }
            assert!(!text.contains("{if "), "{text}");
        }
    }
}

#[test]
fn every_argument_that_is_named_exists() {
    let schemas: String = revarch_tools::all()
        .iter()
        .map(|route| serde_json::to_string(&route.tool().input_schema).unwrap())
        .collect();
    for argument in ARGUMENTS {
        assert!(schemas.contains(&format!("\"{argument}\"")), "{argument}");
    }
}

#[test]
fn every_skill_rests_on_a_tool_it_names_and_says_what_never_to_claim() {
    for playbook in PLAYBOOKS {
        assert!(named(playbook.body).contains(&playbook.rests_on), "{}", playbook.name);
        for section in ["## In this order", "## What to ask", "## How to tell it", "## Never"] {
            assert!(playbook.body.contains(section), "{} has no {section}", playbook.name);
        }
        assert!(playbook.body.split_whitespace().count() < 600, "{} is too long to be read", playbook.name);
    }
}

#[test]
fn what_is_listed_is_what_is_read() {
    let toolbox = toolbox(&Toolset::DEFAULT);
    let skills = list(&toolbox);
    assert_eq!(skills.len(), PLAYBOOKS.len());
    validate_skills(&skills).unwrap();
    for skill in &skills {
        assert_eq!(&get(&skill.uri, &toolbox).unwrap(), skill);
        let SkillResources::Files(files) = &skill.resources else { panic!("{skill:?}") };
        let text = text(skill, &toolbox);
        files[0].verify(text.as_bytes()).unwrap();
        let frontmatter = format!("---\nname: {}\ndescription: \"", skill.name());
        assert!(text.starts_with(&frontmatter), "{text}");
    }
}

#[test]
fn folders_lead_to_every_skill_and_to_nothing_else() {
    let toolbox = toolbox(&Toolset::DEFAULT);
    let folders = folder("skill://", &toolbox).unwrap();
    let files: Vec<_> =
        folders.iter().flat_map(|entry| folder(&entry.uri, &toolbox).unwrap()).map(|file| file.uri).collect();
    assert_eq!(files, list(&toolbox).into_iter().map(|skill| skill.uri).collect::<Vec<_>>());
    assert!(folder("skill://quarterly-review/", &toolbox).is_ok());
    for uri in ["skill://none", "skill://../etc", "skill://quarterly-review/SKILL.md", "file:///etc"] {
        assert_eq!(folder(uri, &toolbox).unwrap_err().code, ErrorCode::RESOURCE_NOT_FOUND, "{uri}");
    }
}

#[test]
fn a_skill_without_its_tool_is_not_offered() {
    let leads = toolbox(&[Toolset::Leads]);
    assert_eq!(list(&leads).iter().map(Skill::name).collect::<Vec<_>>(), ["lead-score-review"]);
    let error = get("skill://quarterly-review/SKILL.md", &leads).unwrap_err();
    assert!(error.message.contains("skill://lead-score-review/SKILL.md"), "{}", error.message);
}
