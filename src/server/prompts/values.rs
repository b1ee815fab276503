//! Arguments of prompts, completed while they are typed.

use super::{find, no_argument, template::Values};
use crate::{resources, toolbox::Toolbox, workplace::Workplace};
use revarch_domain::maturity::Lens;
use rmcp::ErrorData;

/// What the `argument` of a prompt can be, where `begun` has been typed so far.
pub(crate) async fn values(
    prompt: &str,
    argument: &str,
    begun: &str,
    toolbox: &Toolbox,
    place: &Workplace,
) -> Result<Vec<String>, ErrorData> {
    let template = find(prompt, toolbox)?;
    let known = template.arguments.iter().find(|known| known.name == argument);
    match known.ok_or_else(|| no_argument(template, argument))?.values {
        Values::Anything => Ok(Vec::new()),
        Values::OneOf(values) => Ok(values.iter().map(|value| (*value).to_owned()).collect()),
        Values::Reviews => resources::ids(place.store()).await,
        Values::Models => resources::model_ids(place.store()).await,
        Values::Lenses => Ok(Lens::names().map(str::to_owned).collect()),
        Values::Workflows => Ok(place.workflows().iter().map(|workflow| workflow.id.clone()).collect()),
        Values::Platforms => {
            let platforms = place.platforms().catalog().platforms().iter();
            let names =
                platforms.flat_map(|platform| std::iter::once(&platform.name).chain(&platform.aliases));
            Ok(one_more(begun, names.map(String::as_str)))
        }
    }
}

/// The list begun, with each name that is not in it yet as the last.
fn one_more<'a>(begun: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (before, last) = begun.rsplit_once(',').map_or(("", begun), |(before, last)| (before, last));
    let gap = &last[..last.len() - last.trim_start().len()];
    let comma = if before.is_empty() { "" } else { "," };
    let given: Vec<String> = before.split(',').map(|name| name.trim().to_lowercase()).collect();
    let names = names.filter(|name| !given.contains(&name.to_lowercase()));
    names.map(|name| format!("{before}{comma}{gap}{name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::one_more;

    #[test]
    fn a_list_is_completed_by_one_more_name() {
        let names = || ["HubSpot", "Marketo"].into_iter();
        assert_eq!(one_more("", names()), ["HubSpot", "Marketo"]);
        assert_eq!(one_more("hub", names()), ["HubSpot", "Marketo"]);
        assert_eq!(one_more("hubspot, ma", names()), ["hubspot, Marketo"]);
        assert_eq!(one_more("HubSpot,Other,", names()), ["HubSpot,Other,Marketo"]);
    }
}
