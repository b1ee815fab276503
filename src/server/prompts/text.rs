//! A prompt's message: `{name}` stands for an argument, a line that begins with `{if TOOL}` is there only where the
//! tool is offered, and steps are numbered as they come.

/// How a line begins that stands only where a tool is offered.
const CONDITION: &str = "{if ";
/// How a step begins, whatever its number.
const STEP: &str = "1. ";

/// The message with arguments put in. What is put in is not looked through again.
pub(crate) fn fill(template: &str, values: &[(&str, String)], offers: impl Fn(&str) -> bool) -> String {
    let mut step = 0;
    let mut lines = Vec::new();
    for line in template.trim().lines() {
        let (tool, line) = condition(line);
        if tool.is_some_and(|tool| !offers(tool)) {
            continue;
        }
        lines.push(match line.strip_prefix(STEP) {
            Some(rest) => {
                step += 1;
                format!("{step}. {}", put_in(rest, values))
            }
            None => put_in(line, values),
        });
    }
    lines.join("\n")
}

/// The tool that a line depends on, and the line without that.
pub(super) fn condition(line: &str) -> (Option<&str>, &str) {
    match line.strip_prefix(CONDITION).and_then(|rest| rest.split_once('}')) {
        Some((tool, rest)) => (Some(tool), rest),
        None => (None, line),
    }
}

fn put_in(line: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let named = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        if let Some((value, after)) = named {
            text.push_str(value);
            rest = after;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_step_without_its_tool_is_left_out_and_the_rest_is_numbered() {
        let template = "Do {what}.\n\n1. `a`\n{if b}1. `b`\n1. `c`\n\n{if b}And {what}.\n";
        let what = [("what", "it".to_owned())];
        assert_eq!(fill(template, &what, |_| false), "Do it.\n\n1. `a`\n2. `c`\n");
        assert_eq!(fill(template, &what, |_| true), "Do it.\n\n1. `a`\n2. `b`\n3. `c`\n\nAnd it.");
    }

    #[test]
    fn what_is_put_in_is_not_looked_through() {
        let values = [("one", "{two} {if x}".to_owned()), ("two", "no".to_owned())];
        assert_eq!(fill("{one} {none} {", &values, |_| true), "{two} {if x} {none} {");
    }
}
