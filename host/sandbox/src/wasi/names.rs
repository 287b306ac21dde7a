//! Which interfaces of WASI a component may import.

/// Each at 0.2. Most of them are refused at every call; they stand here because standard libraries import them
/// whether they are used or not.
const OFFERED: [&str; 27] = [
    "cli/environment",
    "cli/exit",
    "cli/stderr",
    "cli/stdin",
    "cli/stdout",
    "cli/terminal-input",
    "cli/terminal-output",
    "cli/terminal-stderr",
    "cli/terminal-stdin",
    "cli/terminal-stdout",
    "clocks/monotonic-clock",
    "clocks/wall-clock",
    "filesystem/preopens",
    "filesystem/types",
    "io/error",
    "io/poll",
    "io/streams",
    "random/insecure",
    "random/insecure-seed",
    "random/random",
    "sockets/instance-network",
    "sockets/ip-name-lookup",
    "sockets/network",
    "sockets/tcp",
    "sockets/tcp-create-socket",
    "sockets/udp",
    "sockets/udp-create-socket",
];

/// Whether `import` is `wasi:NAME@0.2.…` of the list.
pub(crate) fn is_offered(import: &str) -> bool {
    let Some((name, version)) = import.strip_prefix("wasi:").and_then(|rest| rest.split_once('@')) else {
        return false;
    };
    version.starts_with("0.2.") && OFFERED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::is_offered;

    #[test]
    fn only_the_list_at_its_version_is_offered() {
        assert!(is_offered("wasi:cli/environment@0.2.12"));
        for name in [
            "wasi:cli/environment@0.3.0",
            "wasi:http/outgoing-handler@0.2.0",
            "wasi:cli/environment",
            "cli/exit",
        ] {
            assert!(!is_offered(name), "{name}");
        }
    }
}
