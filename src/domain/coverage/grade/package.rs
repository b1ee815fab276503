//! Packages and images that a program fetches without a fixed version.

pub(super) fn program(command: &str) -> &str {
    let name = command.rsplit(['/', '\\']).next().unwrap_or(command);
    name.strip_suffix(".exe").or_else(|| name.strip_suffix(".cmd")).unwrap_or(name)
}

/// The package or image that a program fetches without a fixed version.
pub(super) fn unpinned(command: &str, args: &[String]) -> Option<String> {
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut name = program(command).to_owned();
    // `cmd /c npx ...` is how Windows starts it.
    if name == "cmd" && args.len() > 1 && args[0].eq_ignore_ascii_case("/c") {
        program(args[1]).clone_into(&mut name);
        args.drain(..2);
    }
    let drop_first = |args: &mut Vec<&str>, verbs: &[&str]| {
        let fits = args.first().is_some_and(|first| verbs.contains(first));
        if fits {
            args.remove(0);
        }
        fits
    };
    match name.as_str() {
        "npx" | "bunx" => npm(&args),
        "npm" if drop_first(&mut args, &["exec", "x"]) => npm(&args),
        "pnpm" | "yarn" | "bun" if drop_first(&mut args, &["dlx", "x"]) => npm(&args),
        "uvx" => python(&args),
        "uv" if args.starts_with(&["tool", "run"]) => python(&args[2..]),
        "pipx" if drop_first(&mut args, &["run"]) => python(&args),
        "docker" | "podman" if drop_first(&mut args, &["run"]) => image(&args),
        _ => None,
    }
}

/// The values of these flags, and the first argument that is no flag.
fn package<'a>(args: &[&'a str], named_by: &[&str], with_value: &[&str]) -> Option<&'a str> {
    let mut at = 0;
    while at < args.len() {
        let arg = args[at];
        if named_by.contains(&arg) {
            return args.get(at + 1).copied();
        }
        if let Some((_, value)) = arg.split_once('=').filter(|(flag, _)| named_by.contains(flag)) {
            return Some(value);
        }
        if with_value.contains(&arg) {
            at += 2;
        } else if arg.starts_with('-') {
            at += 1;
        } else {
            return Some(arg);
        }
    }
    None
}

fn npm(args: &[&str]) -> Option<String> {
    let package = package(args, &["-p", "--package"], &["--registry", "--prefix", "-c"])?;
    if package.starts_with(['.', '/']) {
        return None;
    }
    let version = package.get(1..).and_then(|rest| rest.rsplit_once('@')).map(|(_, version)| version);
    (!version.is_some_and(is_exact)).then(|| package.to_owned())
}

fn python(args: &[&str]) -> Option<String> {
    let flags = ["--python", "-p", "--index-url", "--with", "--index", "--directory"];
    let package = package(args, &["--from", "--spec"], &flags)?;
    if package.starts_with(['.', '/']) {
        return None;
    }
    if let Some((_, revision)) = package.strip_prefix("git+").and_then(|rest| rest.rsplit_once('@')) {
        let is_commit = revision.len() == 40 && revision.chars().all(|letter| letter.is_ascii_hexdigit());
        return (!is_commit).then(|| package.to_owned());
    }
    let version = package.split_once("==").or_else(|| package.rsplit_once('@')).map(|(_, version)| version);
    (!version.is_some_and(is_exact)).then(|| package.to_owned())
}

fn image(args: &[&str]) -> Option<String> {
    let flags = [
        "-e",
        "--env",
        "-v",
        "--volume",
        "--name",
        "--network",
        "-p",
        "--publish",
        "--mount",
        "--env-file",
        "-u",
        "--user",
        "--entrypoint",
        "-w",
        "--workdir",
        "--platform",
        "-m",
        "--memory",
    ];
    let image = package(args, &[], &flags)?;
    (!image.contains("@sha256:")).then(|| image.to_owned())
}

/// A version of three numbers, with what may follow them: no tag, no range.
fn is_exact(version: &str) -> bool {
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() >= 2
        && parts.iter().all(|part| {
            !part.is_empty()
                && part.chars().all(|letter| letter.is_ascii_alphanumeric())
                && part.starts_with(|l: char| l.is_ascii_digit())
        })
        && !version.contains(['x', '*'])
}

#[cfg(test)]
mod tests {
    use super::unpinned;

    #[test]
    fn only_a_fixed_version_is_fixed() {
        let check = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            let command = words.next().unwrap();
            unpinned(&command, &words.collect::<Vec<String>>())
        };
        for fixed in [
            "npx -y @hubspot/mcp-server@0.4.0",
            "npx --package=@scope/name@1.2.3-beta.1 name",
            "uvx mcp-server-fetch==2025.1.17",
            "uvx --from dbt-mcp@1.2.0 dbt-mcp",
            "uv tool run thing==1.0",
            "docker run -i --rm -e TOKEN ghcr.io/github/github-mcp-server@sha256:0000",
            "node server.js",
            "npx ./local",
            "/usr/bin/revarch serve",
            "uvx --from git+https://github.com/a/b@0123456789012345678901234567890123456789 b",
        ] {
            assert_eq!(check(fixed), None, "{fixed}");
        }
        for (open, package) in [
            ("npx -y @hubspot/mcp-server", "@hubspot/mcp-server"),
            ("npx -y name@latest", "name@latest"),
            ("npx -y name@^1.2.3", "name@^1.2.3"),
            ("npx -y name@1", "name@1"),
            ("npx -y name@1.x", "name@1.x"),
            ("cmd /c npx -y name", "name"),
            ("uvx mcp-server-fetch", "mcp-server-fetch"),
            ("uvx thing>=1.0", "thing>=1.0"),
            ("pipx run thing", "thing"),
            ("pnpm dlx thing", "thing"),
            ("docker run -i --rm -e TOKEN mcp/notion:latest", "mcp/notion:latest"),
            ("uvx --from git+https://github.com/a/b b", "git+https://github.com/a/b"),
        ] {
            assert_eq!(check(open).as_deref(), Some(package), "{open}");
        }
    }
}
