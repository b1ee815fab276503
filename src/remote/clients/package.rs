//! Which package a program is run from, and whether it is the same package tomorrow.

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageRegistry {
    /// npm.
    Npm,
    /// The Python Package Index.
    PyPi,
    /// Container images.
    Oci,
}

/// How firmly a version is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinning {
    /// One version.
    Exact,
    /// The digest of an image, which nobody can change.
    Digest,
    /// A tag of an image that can be moved to another one.
    Tag,
    /// A range of versions, or the newest.
    Floating,
    /// No version at all, so whatever is newest on the day it is started.
    Unpinned,
}

impl Pinning {
    /// Whether the same code runs tomorrow.
    pub fn is_firm(self) -> bool {
        matches!(self, Self::Exact | Self::Digest)
    }
}

/// A package that a runner fetches and starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Where it comes from.
    pub registry: PackageRegistry,
    /// Its name there.
    pub name: String,
    /// The version, range, tag or digest that is named.
    pub version: Option<String>,
    /// How firmly that is.
    pub pinning: Pinning,
}

/// The package that a command line runs, where it is one of the well-known runners.
pub(super) fn package(command: &str, args: &[&str]) -> Option<Package> {
    let program = command.rsplit(['/', '\\']).next().unwrap_or(command).to_lowercase();
    let program = program.trim_end_matches(".exe").trim_end_matches(".cmd");
    match (program, args) {
        ("cmd", [switch, inner, rest @ ..]) if switch.eq_ignore_ascii_case("/c") => package(inner, rest),
        ("env", args) => {
            let start = args.iter().position(|arg| !arg.contains('=') && !arg.starts_with('-'))?;
            package(args[start], &args[start + 1..])
        }
        ("npx" | "bunx" | "pnpx", args) => npm(args),
        ("npm" | "pnpm" | "yarn" | "bun", ["exec" | "x" | "dlx", rest @ ..]) => npm(rest),
        ("uvx", args) => pypi(args),
        ("uv", ["tool", "run", rest @ ..]) | ("pipx", ["run", rest @ ..]) => pypi(rest),
        ("docker" | "podman", ["run", rest @ ..]) => image(rest),
        _ => None,
    }
}

fn npm(args: &[&str]) -> Option<Package> {
    let spec = option(args, &["-p", "--package"]).or_else(|| first(args, &["-c", "--call", "--registry"]))?;
    if spec.starts_with(['.', '/', '~']) || spec.contains("://") || spec.starts_with("git") {
        return None;
    }
    // A scope begins with the same sign that leads the version.
    let split = spec.get(1..)?.find('@').map(|at| spec.split_at(at + 1));
    let (name, version) = match split {
        Some((name, version)) => (name, Some(&version[1..])),
        None => (spec, None),
    };
    Some(versioned(PackageRegistry::Npm, name, version, version.is_some_and(is_whole)))
}

fn pypi(args: &[&str]) -> Option<Package> {
    let takes_value = [
        "--with",
        "-p",
        "--python",
        "--index-url",
        "--index",
        "--extra-index-url",
        "--with-editable",
        "--directory",
    ];
    let spec = option(args, &["--from", "--spec"]).or_else(|| first(args, &takes_value))?;
    if spec.starts_with(['.', '/', '~']) || spec.contains("://") {
        return None;
    }
    let end = spec.find(['=', '<', '>', '~', '!', '@']).unwrap_or(spec.len());
    let (name, version) = spec.split_at(end);
    let one = version.strip_prefix("===").or(version.strip_prefix("==")).or(version.strip_prefix('@'));
    let name = name.split('[').next().unwrap_or(name).trim();
    let is_exact =
        one.is_some_and(|one| one.starts_with(|c: char| c.is_ascii_digit()) && !one.contains(['*', ',']));
    Some(versioned(PackageRegistry::PyPi, name, one.or(Some(version).filter(|v| !v.is_empty())), is_exact))
}

fn versioned(registry: PackageRegistry, name: &str, version: Option<&str>, is_exact: bool) -> Package {
    let pinning = match version {
        None => Pinning::Unpinned,
        Some(_) if is_exact => Pinning::Exact,
        Some(_) => Pinning::Floating,
    };
    Package { registry, name: name.to_owned(), version: version.map(str::to_owned), pinning }
}

/// Whether a version is one version to npm: three numbers, and what may follow them. Fewer are a range.
fn is_whole(version: &str) -> bool {
    let core = version.trim_start_matches(['v', '=']).split(['-', '+']).next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    core.split('.').count() == 3 && core.split('.').all(is_number) && !version.contains([' ', '|'])
}

fn image(args: &[&str]) -> Option<Package> {
    let takes_value = [
        "-e",
        "--env",
        "-v",
        "--volume",
        "--mount",
        "-p",
        "--publish",
        "--name",
        "--network",
        "--env-file",
        "-w",
        "--workdir",
        "-u",
        "--user",
        "--entrypoint",
        "-h",
        "--hostname",
        "--platform",
        "--add-host",
        "--pull",
        "-m",
        "--memory",
        "--cpus",
        "-l",
        "--label",
        "--net",
    ];
    let spec = first(args, &takes_value)?;
    let registry = PackageRegistry::Oci;
    if let Some((name, digest)) = spec.split_once('@') {
        let (name, version) = (name.to_owned(), Some(digest.to_owned()));
        return Some(Package { registry, name, version, pinning: Pinning::Digest });
    }
    // A colon before the last slash belongs to a port.
    let tag = spec.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    Some(match tag {
        Some((name, "latest")) => {
            let (name, version) = (name.to_owned(), Some("latest".to_owned()));
            Package { registry, name, version, pinning: Pinning::Floating }
        }
        Some((name, tag)) => {
            Package { registry, name: name.to_owned(), version: Some(tag.to_owned()), pinning: Pinning::Tag }
        }
        None => Package { registry, name: spec.to_owned(), version: None, pinning: Pinning::Unpinned },
    })
}

/// The value of an option, written in one argument or in two.
fn option<'a>(args: &[&'a str], names: &[&str]) -> Option<&'a str> {
    args.iter().enumerate().find_map(|(index, arg)| {
        if names.contains(arg) {
            return args.get(index + 1).copied();
        }
        let (name, value) = arg.split_once('=')?;
        names.contains(&name).then_some(value)
    })
}

/// The first argument that is neither an option nor the value of one.
fn first<'a>(args: &[&'a str], takes_value: &[&str]) -> Option<&'a str> {
    let mut is_value = false;
    args.iter().copied().find(|arg| {
        let is_found = !is_value && !arg.starts_with('-');
        is_value = takes_value.contains(arg);
        is_found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_from_command_lines() {
        use {PackageRegistry::*, Pinning::*};
        let check = |line: &str, registry, name: &str, version: Option<&str>, pinning| {
            let words: Vec<&str> = line.split(' ').collect();
            let found = package(words[0], &words[1..]);
            let version = version.map(str::to_owned);
            let wanted = Package { registry, name: name.to_owned(), version, pinning };
            assert_eq!(found, Some(wanted), "{line}");
        };
        check("npx -y @hubspot/mcp-server", Npm, "@hubspot/mcp-server", None, Unpinned);
        check("npx -y @hubspot/mcp-server@0.4.0 --x", Npm, "@hubspot/mcp-server", Some("0.4.0"), Exact);
        check("npx mcp-remote@latest https://x", Npm, "mcp-remote", Some("latest"), Floating);
        check("npx mcp-remote@^1.2.3", Npm, "mcp-remote", Some("^1.2.3"), Floating);
        check("npx mcp-remote@1", Npm, "mcp-remote", Some("1"), Floating);
        check("npx -p @a/b@1.2.3-beta.1 run", Npm, "@a/b", Some("1.2.3-beta.1"), Exact);
        check("/usr/bin/npx --package=a@2.0.0 a", Npm, "a", Some("2.0.0"), Exact);
        check("cmd /c npx -y a@2.0.0", Npm, "a", Some("2.0.0"), Exact);
        check("C:\\node\\npx.cmd a", Npm, "a", None, Unpinned);
        check("pnpm dlx a@1.0.0", Npm, "a", Some("1.0.0"), Exact);
        check("uvx mcp-server-git", PyPi, "mcp-server-git", None, Unpinned);
        check("uvx dbt-mcp==1.2.3", PyPi, "dbt-mcp", Some("1.2.3"), Exact);
        check("uvx --from dbt-mcp[all]>=1 dbt", PyPi, "dbt-mcp", Some(">=1"), Floating);
        check("uvx --python 3.12 dbt-mcp@1.2.3", PyPi, "dbt-mcp", Some("1.2.3"), Exact);
        check("uvx dbt-mcp==1.2", PyPi, "dbt-mcp", Some("1.2"), Exact);
        check("uvx dbt-mcp==1.*", PyPi, "dbt-mcp", Some("1.*"), Floating);
        check("uvx dbt-mcp@latest", PyPi, "dbt-mcp", Some("latest"), Floating);
        check("uv tool run a==1.0.0", PyPi, "a", Some("1.0.0"), Exact);
        check("pipx run a", PyPi, "a", None, Unpinned);
        check("docker run -i --rm -e TOKEN ghcr.io/o/i", Oci, "ghcr.io/o/i", None, Unpinned);
        check("docker run -i ghcr.io:443/o/i:v1", Oci, "ghcr.io:443/o/i", Some("v1"), Tag);
        check("docker run mcp/i:latest", Oci, "mcp/i", Some("latest"), Floating);
        check("docker run -e=A mcp/i@sha256:ab x", Oci, "mcp/i", Some("sha256:ab"), Digest);
        check("env A=1 uvx a==1.0.0", PyPi, "a", Some("1.0.0"), Exact);
    }

    #[test]
    fn other_programs_run_no_package_that_is_told() {
        for line in
            ["node server.js", "python -m x", "uv run server.py", "npx", "npx ./local", "docker ps", "cmd"]
        {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(package(words[0], &words[1..]), None, "{line}");
        }
    }
}
