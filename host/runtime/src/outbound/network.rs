//! Networks, and which addresses are public. What is not public is refused: the host itself, its neighbours, and the
//! services of a cloud that give keys to whoever asks from inside.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network: `10.1.0.0/16`, `fd00:1::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// A text that is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network; write \"10.1.0.0/16\", \"fd00:1::/32\", or a single address")]
pub struct InvalidNetwork(String);

/// Of IPv4, all is public but this (RFC 6890 and those after it).
const NOT_PUBLIC_V4: [Network; 16] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    // Shared between customers and their provider; in some clouds, metadata.
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    // A service of Azure for the machines in it, at an address that looks public.
    v4([168, 63, 129, 16], 32),
    // Link-local; in most clouds, metadata.
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    // Multicast.
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// Of IPv6, only global unicast is public.
const PUBLIC_V6: Network = v6([0x2000, 0, 0], 3);

/// And of that, all but this.
const NOT_PUBLIC_V6: [Network; 3] = [
    // Protocols, Teredo among them, behind which any IPv4 address may be.
    v6([0x2001, 0, 0], 23),
    // Documentation.
    v6([0x2001, 0xdb8, 0], 32),
    v6([0x3fff, 0, 0], 20),
];

/// IPv4 addresses behind a translator (NAT64).
const TRANSLATED: Network = v6([0x64, 0xff9b, 0], 96);

/// IPv4 addresses behind a tunnel (6to4).
const TUNNELLED: Network = v6([0x2002, 0, 0], 16);

const fn v4([a, b, c, d]: [u8; 4], prefix: u32) -> Network {
    Network { address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix }
}

const fn v6([a, b, c]: [u16; 3], prefix: u32) -> Network {
    Network { address: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), prefix }
}

impl Network {
    /// Whether an address is in it.
    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.prefix
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}

/// Whether a block may connect to an address, where the operator listed these networks.
pub(super) fn is_allowed(address: IpAddr, listed: &[Network]) -> bool {
    let reached = reached(address);
    listed.iter().any(|network| network.contains(reached)) || is_public(reached)
}

fn is_public(address: IpAddr) -> bool {
    let in_any = |networks: &[Network]| networks.iter().any(|network| network.contains(address));
    match address {
        IpAddr::V4(_) => !in_any(&NOT_PUBLIC_V4),
        IpAddr::V6(_) => PUBLIC_V6.contains(address) && !in_any(&NOT_PUBLIC_V6),
    }
}

/// Where whoever connects to an address ends: at the IPv4 address that stands in it, if one does.
fn reached(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let bits = v6.to_bits();
    let ends_with_it = match (TRANSLATED.contains(address), TUNNELLED.contains(address)) {
        (true, _) => bits,
        (_, true) => bits >> 80,
        _ => return address.to_canonical(),
    };
    let [.., a, b, c, d] = ends_with_it.to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().map_err(|_| invalid())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest {
            return Err(invalid());
        }
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn public_addresses_are_allowed() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(is_allowed(address(text), &[]), "{text}");
        }
    }

    #[test]
    fn addresses_of_the_host_its_neighbours_and_its_cloud_are_refused() {
        for text in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "4000::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_allowed(address(text), &[]), "{text}");
        }
    }

    #[test]
    fn an_address_inside_of_another_is_seen() {
        for text in [
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1.1.1.1",
            "2002:7f00:1::1",
            "2002:a9fe:a9fe::",
            "2002:a00:1::1",
        ] {
            assert!(!is_allowed(address(text), &[]), "{text}");
        }
    }

    #[test]
    fn what_the_operator_listed_is_allowed_and_nothing_beside_it() {
        let listed = ["10.1.0.0/16", "127.0.0.1", "fd00:1::/32"].map(|text| text.parse().unwrap());
        for text in ["10.1.0.0", "10.1.255.255", "127.0.0.1", "::ffff:10.1.2.3", "fd00:1:ffff::1"] {
            assert!(is_allowed(address(text), &listed), "{text}");
        }
        for text in ["10.0.255.255", "10.2.0.0", "127.0.0.2", "::1", "fd00:2::1"] {
            assert!(!is_allowed(address(text), &listed), "{text}");
        }
    }

    #[test]
    fn a_network_is_written_as_it_is_read() {
        for text in ["10.1.0.0/16", "0.0.0.0/0", "fd00:1::/32", "::/0", "127.0.0.1/32"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for text in ["", "10.1.0.0/33", "::/129", "10.1/16", "10.1.0.0/", "10.1.0.0/-1", "inner.example"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
