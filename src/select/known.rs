//! `patterns/services.yaml` → facts on services that are known by name.

use std::collections::HashMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::lexicon::compared;
use crate::problem;

/// Facts on one service; what its sources do not state is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The pattern it is integrated by.
    pub pattern: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// How calls are authorised, as its own document states it: `http:bearer`, `apiKey:header:Authorization`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auth: Vec<String>,
    /// Where its OpenAPI document is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs_url: Option<String>,
    /// What its document says of rate limits, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<String>,
    /// Where these facts were read.
    pub facts_from: Vec<String>,
}

/// The known services, by name and alias.
#[derive(Debug)]
pub struct Known {
    services: Vec<Service>,
    by_name: HashMap<String, usize>,
}

impl Known {
    /// Reads a list of services; `origin` is its place in error messages.
    pub fn load(yaml: &str, origin: &str) -> Result<Self> {
        let services: Vec<Service> = match serde_yaml::from_str(yaml) {
            Ok(services) => services,
            Err(error) => problem!(help: "correct the file"; "{origin}: not a list of services: {error}"),
        };
        let mut by_name = HashMap::new();
        // Names before aliases: an alias never takes the place of another service's name.
        for (i, service) in services.iter().enumerate() {
            by_name.entry(key(&service.name)).or_insert(i);
        }
        for (i, service) in services.iter().enumerate() {
            for alias in &service.aliases {
                by_name.entry(key(alias)).or_insert(i);
            }
        }
        Ok(Self { services, by_name })
    }

    /// Returns the facts on the service called `name`; case, spaces and hyphens do not count.
    pub fn find(&self, name: &str) -> Option<&Service> {
        self.by_name.get(&key(name)).map(|i| &self.services[*i])
    }

    /// Returns the known names that are near `name`, for "did you mean".
    pub fn near(&self, name: &str) -> Vec<&str> {
        let wanted = key(name);
        let mut near: Vec<(usize, &str)> = self
            .services
            .iter()
            .map(|s| (strsim::osa_distance(&wanted, &key(&s.name)), s.name.as_str()))
            .filter(|(distance, _)| *distance <= 1 + wanted.len() / 6)
            .collect();
        near.sort_unstable();
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }

    /// Returns all services, in the file's order.
    pub fn all(&self) -> &[Service] {
        &self.services
    }
}

fn key(name: &str) -> String {
    compared(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\
- {name: GitHub, aliases: [GitHub API], pattern: api, base_url: https://api.github.com, facts_from: [its document]}
- {name: Slack, pattern: api, facts_from: [its document]}
";

    #[test]
    fn a_service_is_found_however_its_name_is_typed() {
        let known = Known::load(TWO, "services.yaml").unwrap();
        assert_eq!(known.find("git-hub").unwrap().name, "GitHub");
        assert_eq!(known.find("github api").unwrap().name, "GitHub");
        assert!(known.find("gitlab").is_none());
        assert_eq!(known.near("slakc"), ["Slack"]);
    }
}
