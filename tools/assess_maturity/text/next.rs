//! What to ask and measure next.

use super::MOST_TOLD;
use crate::assess_maturity::output::{Anchor, InterviewOutcome, NextQuestion, Output};

pub(super) fn tell(output: &Output, begins: bool, lines: &mut Vec<String>) {
    asked(output, lines);
    if begins {
        first_questions(output, lines);
    } else {
        next(output, lines);
    }
    if let Some(form) = &output.register_form {
        let kinds: Vec<&str> = form.kinds.iter().map(|kind| kind.id.as_str()).collect();
        lines.extend([
            String::new(),
            format!(
                "Hand in the register of debts as `debts`, and it answers for itself. Kinds: {}.",
                kinds.join(", ")
            ),
        ]);
    }
}

fn asked(output: &Output, lines: &mut Vec<String>) {
    let Some(interview) = &output.interview else { return };
    let said = interview.answers.iter().filter(|answer| !answer.dont_know).count();
    let told = match interview.outcome {
        InterviewOutcome::NothingToAsk => "There was nothing left to ask the person.".to_owned(),
        InterviewOutcome::Unavailable => {
            "This client cannot ask the person: put the questions below yourself, and hand back `answers`."
                .to_owned()
        }
        InterviewOutcome::Answered | InterviewOutcome::Declined => format!(
            "The person was asked, and {said} answers were used. Hand `interview.answers` back in `answers` of the \
             next call: they are not kept."
        ),
    };
    lines.extend([String::new(), told]);
}

fn first_questions(output: &Output, lines: &mut Vec<String>) {
    lines.extend([String::new(), "## Questions to ask first".to_owned()]);
    for question in output.next_questions.iter().take(MOST_TOLD) {
        lines.push(String::new());
        put(question, lines);
    }
    if let Some(run) = &output.next_measurement {
        lines
            .extend([String::new(), format!("{} answers {} more from data.", run.tool, run.questions.len())]);
    }
}

fn next(output: &Output, lines: &mut Vec<String>) {
    if let Some(run) = &output.next_measurement {
        let told = format!("**Measure next:** {} ({})", run.tool, run.measures.join(", "));
        lines.extend([String::new(), told]);
    }
    if let Some(question) = output.next_questions.first() {
        lines.extend([String::new(), "**Ask next:**".to_owned()]);
        put(question, lines);
    }
}

fn put(question: &NextQuestion, lines: &mut Vec<String>) {
    lines.push(format!("**{}** (`{}`)", question.text, question.question));
    lines.extend(question.anchors.iter().map(|Anchor { level, seen }| format!("- {level}: {seen}")));
}
