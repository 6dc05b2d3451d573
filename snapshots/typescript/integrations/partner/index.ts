// Service tokens of https://login.example.com: start with `ServiceTokens`.
// Written by integrate from login.openid-configuration.json. Yours to edit.

export { PartnerConfig, type PartnerOptions } from "./config.js";
export { ServiceTokens, type ServiceTokensOptions } from "./tokens.js";
