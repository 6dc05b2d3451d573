//! The surface of an issuer of tokens: who it is, where it is asked, what it signs with, what it takes.

use serde::{Deserialize, Serialize};

use super::Origin;

/// An OpenID Connect issuer or OAuth 2 authorization server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its URL, compared byte for byte and never normalised; None: known at run time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// What stands in braces in the identifier or an endpoint, and has to be filled in: `tenantid`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<String>,
    pub endpoints: Endpoints,
    /// What it signs tokens with, in its own order.
    pub token_signing: Vec<Algorithm>,
    pub grants: Vec<Named>,
    /// How a client may prove who it is at the token endpoint, in the issuer's order.
    pub client_authentication: Vec<Named>,
    /// What a client that signs may sign with; empty where the issuer does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub client_signing: Vec<Algorithm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Named>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    pub origin: Origin,
}

/// Absolute URLs; https, or http on this machine. What the issuer does not state is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<String>,
}

impl Endpoints {
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut String> {
        [&mut self.authorization, &mut self.token, &mut self.userinfo, &mut self.keys, &mut self.revocation]
            .into_iter()
            .flatten()
    }
}

/// Something the issuer lists by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub name: String,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Algorithm {
    pub name: String,
    pub kind: AlgorithmKind,
    pub origin: Origin,
}

/// What it takes to verify a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlgorithmKind {
    /// A public key.
    Asymmetric,
    /// The very secret that signed.
    Symmetric,
    /// Nothing: anyone could have written it.
    Unsigned,
    /// We do not know.
    Other,
}

impl AlgorithmKind {
    /// Source: RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 9864, section 2.
    pub fn of(name: &str) -> Self {
        const ASYMMETRIC: [&str; 11] =
            ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"];
        match name {
            "none" => Self::Unsigned,
            "HS256" | "HS384" | "HS512" => Self::Symmetric,
            _ if ASYMMETRIC.contains(&name) => Self::Asymmetric,
            _ => Self::Other,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub name: String,
    #[serde(rename = "type")]
    pub of: ClaimType,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimType {
    Text,
    Boolean,
    Number,
    /// One text, or a list of texts.
    Texts,
    /// Seconds since 1970.
    Moment,
    /// An object, or one that no standard describes.
    Unknown,
}

impl ClaimType {
    /// The type of a claim that a standard describes.
    ///
    /// Source: RFC 7519, section 4.1; OpenID Connect Core 1.0, sections 2 and 5.1; RFC 9068, section 2.2.
    pub fn of(name: &str) -> Self {
        match name {
            "aud" | "amr" | "groups" | "roles" | "entitlements" => Self::Texts,
            "exp" | "nbf" | "iat" | "auth_time" | "updated_at" => Self::Moment,
            "email_verified" | "phone_number_verified" => Self::Boolean,
            "iss" | "sub" | "jti" | "azp" | "nonce" | "acr" | "at_hash" | "c_hash" | "client_id" | "scope" | "sid" => {
                Self::Text
            }
            "name" | "given_name" | "family_name" | "middle_name" | "nickname" | "preferred_username" | "profile"
            | "picture" | "website" | "email" | "gender" | "birthdate" | "zoneinfo" | "locale" | "phone_number" => {
                Self::Text
            }
            _ => Self::Unknown,
        }
    }
}
