//! The words that names are made of. Companies are invented; their domains end in `.example`, which no one
//! can own.

/// First halves of company names.
pub(crate) const NAME_HEADS: [&str; 64] = [
    "Amber", "Anvil", "Arbor", "Aster", "Basalt", "Beacon", "Birch", "Bramble", "Bright", "Canyon", "Cedar",
    "Cinder", "Clover", "Cobalt", "Copper", "Coral", "Crest", "Delta", "Dune", "Ember", "Fable", "Falcon",
    "Fern", "Flint", "Frost", "Garnet", "Glade", "Granite", "Harbor", "Hazel", "Heron", "Indigo", "Ivory",
    "Juniper", "Kestrel", "Lantern", "Larch", "Lumen", "Maple", "Meadow", "Mica", "Nimbus", "North", "Oak",
    "Onyx", "Opal", "Orchard", "Otter", "Pebble", "Pine", "Quartz", "Quill", "Raven", "Ridge", "River",
    "Saffron", "Sable", "Silver", "Sparrow", "Summit", "Tidal", "Timber", "Willow", "Zephyr",
];

/// Second halves of company names.
pub(crate) const NAME_TAILS: [&str; 32] = [
    "bank", "bay", "bridge", "craft", "dale", "field", "flow", "foundry", "forge", "gate", "grid", "group",
    "haven", "labs", "line", "link", "loom", "mark", "mill", "point", "port", "road", "shore", "spire",
    "stack", "trail", "vale", "vault", "ward", "wave", "works", "yard",
];

/// First names.
pub(crate) const FIRST_NAMES: [&str; 48] = [
    "Ada", "Aisha", "Alma", "Amir", "Ana", "Anton", "Bela", "Bruno", "Carla", "Chen", "Clara", "Daniel",
    "David", "Diego", "Elena", "Emil", "Emma", "Farah", "Felix", "Grace", "Hanna", "Hugo", "Ines", "Ivan",
    "Jana", "Jonas", "Karim", "Kavya", "Laura", "Leon", "Lina", "Lucas", "Maria", "Mateo", "Mei", "Milan",
    "Nadia", "Nina", "Noah", "Olga", "Omar", "Paula", "Priya", "Rosa", "Samir", "Sofia", "Tomas", "Yuki",
];

/// Last names.
pub(crate) const LAST_NAMES: [&str; 64] = [
    "Abbott", "Adler", "Ahmed", "Almeida", "Arnold", "Baker", "Barros", "Becker", "Berg", "Brandt", "Castro",
    "Chandra", "Costa", "Dawson", "Dietrich", "Duarte", "Ekström", "Ellis", "Farkas", "Ferrari", "Fischer",
    "Fontaine", "Gallo", "Garcia", "Gruber", "Haddad", "Hansen", "Hayashi", "Horvath", "Ibrahim", "Ito",
    "Jansen", "Jensen", "Kaur", "Keller", "Khan", "Kovacs", "Lambert", "Larsen", "Lopez", "Marin", "Meyer",
    "Moreau", "Mueller", "Nakamura", "Novak", "Okafor", "Olsen", "Patel", "Pereira", "Petrov", "Quinn",
    "Reyes", "Ricci", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Tanaka", "Torres", "Vargas", "Weber",
    "Zhang",
];

/// Countries, most customers first.
pub(crate) const COUNTRIES: [(&str, u32); 8] = [
    ("United States", 42),
    ("United Kingdom", 14),
    ("Germany", 13),
    ("Canada", 9),
    ("France", 8),
    ("Netherlands", 6),
    ("Australia", 5),
    ("Singapore", 3),
];

/// An industry as the picklist has it and as people typed it.
pub(crate) struct Industry {
    /// The value as it should be.
    pub(crate) name: &'static str,
    /// Other spellings in use.
    pub(crate) variants: &'static [&'static str],
}

/// The industries of the company's customers.
pub(crate) const INDUSTRIES: [Industry; 9] = [
    Industry { name: "Technology", variants: &["technolgy", "Technology ", "TECHNOLOGY"] },
    Industry { name: "Financial Services", variants: &["financial services", "Financial Servces"] },
    Industry { name: "Healthcare", variants: &["Health care", "healthcare"] },
    Industry { name: "Manufacturing", variants: &["Manufacturng"] },
    Industry { name: "Retail", variants: &[] },
    Industry { name: "Logistics", variants: &[] },
    Industry { name: "Education", variants: &[] },
    Industry { name: "Energy", variants: &[] },
    Industry { name: "Media", variants: &[] },
];

/// Head counts as people type them where a number was asked for.
pub(crate) const EMPLOYEES_AS_TEXT: [&str; 4] = ["200-500", "~300", "51-200", "about 80"];

/// Mail providers that anyone may use.
pub(crate) const FREE_MAIL: [&str; 6] =
    ["gmail.com", "outlook.com", "yahoo.com", "hotmail.com", "icloud.com", "proton.me"];

/// A rung of the ladder, the titles on it and how much it helps a lead to convert, in log-odds.
#[derive(Clone, Copy)]
pub(crate) struct Seniority {
    /// The rung's name.
    pub(crate) name: &'static str,
    /// Titles of people on it.
    pub(crate) titles: &'static [&'static str],
    /// Its weight in the chance to convert.
    pub(crate) pull: f64,
}

/// The ladder, with how many people stand on each rung.
pub(crate) const SENIORITIES: [(Seniority, u32); 5] = [
    (
        Seniority {
            name: "individual",
            titles: &["Marketing Specialist", "Sales Analyst", "Operations Associate", "Web Developer"],
            pull: -0.6,
        },
        38,
    ),
    (
        Seniority {
            name: "manager",
            titles: &["Marketing Manager", "CRM Manager", "Demand Generation Manager"],
            pull: 0.0,
        },
        30,
    ),
    (
        Seniority {
            name: "director",
            titles: &["Director of Marketing", "Revenue Operations Director"],
            pull: 0.4,
        },
        18,
    ),
    (Seniority { name: "vp", titles: &["VP Marketing", "VP Sales", "VP Revenue"], pull: 0.7 }, 9),
    (Seniority { name: "c_level", titles: &["CMO", "CEO", "Chief Revenue Officer"], pull: 0.5 }, 5),
];
