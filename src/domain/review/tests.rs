use super::*;
use crate::{
    coverage::audit,
    finding::Subject,
    provenance::Provenance,
    readiness::{self, Facts, Lens},
};

fn unread(files: &[&str]) -> Readiness {
    let facts = Facts {
        unread: files.iter().map(|file| ((*file).to_owned(), "line 3".to_owned())).collect(),
        ..Facts::default()
    };
    readiness::check(&facts, &Lens::shipped().unwrap())
}

pub(super) fn only(readiness: Outcome<Readiness>) -> Review {
    let missing = || "name it".to_owned();
    review(Inputs {
        readiness,
        leads: Err(missing()),
        coverage: Err(missing()),
        maturity: Err(missing()),
        made_with: MadeWith::default(),
    })
}

#[test]
fn what_was_not_run_is_unknown_and_says_what_would_let_it_run() {
    let review = only(Err("name a data folder".into()));
    assert_eq!(review.verdict, Verdict::Unknown);
    assert_eq!(review.parts.len(), 4);
    assert!(review.parts.iter().all(|part| part.missing.is_some()));
    assert_eq!(review.binding.unwrap().next_step, "name a data folder");
}

#[test]
fn data_is_mended_before_tools() {
    let review = review(Inputs {
        readiness: Ok(unread(&["a.csv"])),
        leads: Err(String::new()),
        coverage: Ok(audit::audit(Vec::new())),
        maturity: Err(String::new()),
        made_with: MadeWith::default(),
    });
    assert_eq!(review.steps[0].area, Area::Data);
    assert_eq!(review.steps[0].finding, "unread.a.csv");
}

#[test]
fn steps_leave_out_what_is_minor() {
    let finding = |id: &str, severity| Finding {
        id: id.into(),
        severity,
        subject: Subject::default(),
        what_found: id.into(),
        why_it_blocks: String::new(),
        fix: vec![format!("mend {id}")],
        affected_rows: None,
        scanned_rows: None,
        evidence_query: None,
        owner_role: "someone".into(),
        retest: String::new(),
        provenance: Provenance::Measured,
    };
    let found = [
        (Area::Coverage, finding("c", Severity::Blocker)),
        (Area::Data, finding("d", Severity::Major)),
        (Area::Data, finding("e", Severity::Minor)),
        (Area::Data, finding("f", Severity::Blocker)),
        (Area::Data, finding("f", Severity::Major)),
    ];
    let order: Vec<String> = steps(&found, None).into_iter().map(|step| step.finding).collect();
    assert_eq!(order, ["f", "c", "d"]);
}
