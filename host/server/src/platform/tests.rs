use blockhouse_content::NobodyKnown;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::test_keys::{PRIVATE_ONE, PRIVATE_TWO, PUBLIC_ONE, PUBLIC_TWO};
use super::*;

const NOW_S: u64 = 1_700_000_000;

/// Key pairs of Ed25519 (RFC 8410): the private key as PEM, the public one as in a JWK.
const ONE: (&str, &str) = (PRIVATE_ONE, PUBLIC_ONE);
const TWO: (&str, &str) = (PRIVATE_TWO, PUBLIC_TWO);

struct Bed {
    platform: Platform,
    people: Arc<IntroducedPeople>,
    directory: TempDir,
}

impl Bed {
    /// A platform that has published this key under the id `one`.
    fn new(public: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let people = Arc::new(IntroducedPeople::new(Arc::new(NobodyKnown)));
        let platform = Platform::new(&PlatformConfig {
            jwks: directory.path().join("jwks.json").to_str().unwrap().to_owned(),
            issuer: "https://platform.example".to_owned(),
            audience: "blockhouse".to_owned(),
            algorithms: vec!["EdDSA".to_owned()],
            leeway_s: 10,
            people: Arc::clone(&people),
        });
        let mut bed = Self { platform: platform.unwrap(), people, directory };
        bed.platform.keys.earliest = std::time::Duration::ZERO;
        bed.publish(&[("one", public)]);
        bed
    }

    fn publish(&self, keys: &[(&str, &str)]) {
        let keys: Vec<Value> = keys
            .iter()
            .map(|(id, x)| json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": id, "x": x}))
            .collect();
        std::fs::write(self.directory.path().join("jwks.json"), json!({ "keys": keys }).to_string()).unwrap();
    }

    async fn member(&self, token: &str) -> Result<Member, String> {
        self.platform.member(token, NOW_S).await.map_err(|error| error.to_string())
    }

    async fn refusal(&self, changes: Value) -> String {
        self.member(&token("one", ONE.0, changes)).await.unwrap_err()
    }
}

fn token(id: &str, private: &str, changes: Value) -> String {
    let mut claims = json!({
        "iss": "https://platform.example", "aud": "blockhouse", "sub": "42", "exp": NOW_S + 60,
        "preferred_username": "mona", "email": "mona@example.org", "locale": "ar_EG", "roles": ["creator"],
        "groups": ["maps"],
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let header = Header { kid: Some(id.to_owned()), ..Header::new(Algorithm::EdDSA) };
    encode(&header, &claims, &EncodingKey::from_ed_pem(private.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_person_comes_in_with_number_name_language_and_rights() {
    use blockhouse_content::People;
    let bed = Bed::new(ONE.1);
    let member = bed.member(&token("one", ONE.0, json!({}))).await.unwrap();
    assert_eq!(member.user, UserId::Learner(42));
    assert_eq!(member.locale.as_deref(), Some("ar-EG"));
    let person = bed.people.person(&member.user).await.unwrap();
    assert_eq!((person.username.as_str(), person.creator, person.staff), ("mona", true, false));
    assert!(person.groups.contains("maps"));
}

#[tokio::test]
async fn the_right_that_the_next_token_does_not_have_is_gone() {
    use blockhouse_content::People;
    let bed = Bed::new(ONE.1);
    let member = bed.member(&token("one", ONE.0, json!({"roles": "staff"}))).await.unwrap();
    assert!(bed.people.person(&member.user).await.unwrap().staff);
    bed.member(&token("one", ONE.0, json!({"roles": []}))).await.unwrap();
    assert!(!bed.people.person(&member.user).await.unwrap().staff);
}

#[tokio::test]
async fn issuer_audience_and_time_are_checked() {
    let bed = Bed::new(ONE.1);
    assert!(bed.refusal(json!({"iss": "https://else.example"})).await.contains("issuer"));
    assert!(bed.refusal(json!({"aud": "else"})).await.contains("audience"));
    assert!(bed.refusal(json!({"exp": NOW_S - 11})).await.contains("expired"));
    assert!(bed.refusal(json!({"nbf": NOW_S + 11})).await.contains("time has not come"));
    assert!(bed.member(&token("one", ONE.0, json!({"exp": NOW_S - 9, "nbf": NOW_S + 9}))).await.is_ok());
}

#[tokio::test]
async fn a_token_without_an_account_number_is_nobodys() {
    let bed = Bed::new(ONE.1);
    for changes in [json!({"sub": "mona"}), json!({"sub": null}), json!({"sub": "0"}), json!({"user_id": -1})]
    {
        assert!(bed.refusal(changes).await.contains("account number"));
    }
    assert!(bed.member(&token("one", ONE.0, json!({"sub": "mona", "user_id": 7}))).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_key_is_refused() {
    let bed = Bed::new(ONE.1);
    assert!(bed.member(&token("one", TWO.0, json!({}))).await.unwrap_err().contains("signature"));
    assert!(bed.member(&token("two", TWO.0, json!({}))).await.unwrap_err().contains("unknown key"));
    assert!(bed.member("no.jwt.at-all").await.is_err());
}

#[tokio::test]
async fn the_header_does_not_choose_the_algorithm() {
    let bed = Bed::new(ONE.1);
    // The public key as a shared secret: the oldest trick with tokens.
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) };
    let claims =
        json!({"iss": "https://platform.example", "aud": "blockhouse", "sub": "42", "exp": NOW_S + 60});
    let forged = encode(&header, &claims, &EncodingKey::from_secret(ONE.1.as_bytes())).unwrap();
    assert!(bed.member(&forged).await.unwrap_err().contains("not allowed"));
}

#[tokio::test]
async fn a_new_key_is_known_when_its_first_token_comes_and_the_old_one_stays_good() {
    let bed = Bed::new(ONE.1);
    assert!(bed.member(&token("two", TWO.0, json!({}))).await.is_err());
    bed.publish(&[("one", ONE.1), ("two", TWO.1)]);
    assert!(bed.member(&token("two", TWO.0, json!({}))).await.is_ok());
    assert!(bed.member(&token("one", ONE.0, json!({}))).await.is_ok());
}

#[tokio::test]
async fn known_keys_stay_good_while_the_platform_is_away() {
    let bed = Bed::new(ONE.1);
    assert!(bed.member(&token("one", ONE.0, json!({}))).await.is_ok());
    std::fs::remove_file(bed.directory.path().join("jwks.json")).unwrap();
    assert!(bed.member(&token("two", TWO.0, json!({}))).await.unwrap_err().contains("unknown key"));
    assert!(bed.member(&token("one", ONE.0, json!({}))).await.is_ok());
}

#[tokio::test]
async fn a_token_for_one_block_opens_that_block_only() {
    let bed = Bed::new(ONE.1);
    let (block, other) = ("lb:O:L:html:a", "lb:O:L:html:b");
    let token = token("one", ONE.0, json!({ "block": block }));
    assert!(bed.platform.guest(&token, &block.parse().unwrap(), NOW_S).await.is_ok());
    assert!(bed.platform.guest(&token, &other.parse().unwrap(), NOW_S).await.is_err());
    assert!(bed.member(&token).await.unwrap_err().contains("one block"));
}

#[test]
fn shared_secrets_are_refused_at_start() {
    for name in ["HS256", "none", "RS1"] {
        assert_eq!(algorithm(name), Err(PlatformConfigError::Algorithm(name.to_owned())));
    }
}
