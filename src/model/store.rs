//! The surface of a storage: one container of objects, and what it holds them to.

use serde::{Deserialize, Serialize};

use super::Origin;

/// A bucket, or a folder that stands in for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// The name of the bucket.
    pub container: String,
    /// The folder that is used where the settings name no bucket; None: the bucket is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Where the service is; None: the provider's own, by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    pub region: String,
    pub addressing: Addressing,
    /// What every key is below; empty for everything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub root: String,
    pub limits: Limits,
    /// Whether "store only if there is none" is one step, so that of two callers only one succeeds.
    pub conditional_create: bool,
    pub origin: Origin,
}

/// Where a request names the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressing {
    /// `https://bucket.host/key`
    VirtualHost,
    /// `https://host/bucket/key`
    Path,
}

/// What a store refuses beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub key_bytes: u64,
    pub object_bytes: u64,
    /// Of all names and values kept beside an object.
    pub metadata_bytes: u64,
    pub smallest_part_bytes: u64,
    pub parts: u32,
    /// The longest life of a signed URL.
    pub signed_seconds: u64,
}

impl Limits {
    /// Those of Amazon S3, which services that speak its protocol share.
    ///
    /// Source: Amazon S3 User Guide, "Multipart upload limits", "Object keys", "Working with presigned URLs".
    pub const S3: Self = Self {
        key_bytes: 1024,
        object_bytes: 5 << 40,
        metadata_bytes: 2048,
        smallest_part_bytes: 5 << 20,
        parts: 10_000,
        signed_seconds: 604_800,
    };
}
