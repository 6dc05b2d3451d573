// Bearer tokens of https://login.example.com: start with `TokenVerifier`.
// Written by integrate from login.openid-configuration.json. Yours to edit.

export type { Claims } from "./claims.js";
export { LoginConfig, type LoginOptions } from "./config.js";
export {
  challenge,
  TokenRefused,
  TokenVerifier,
  type TokenVerifierOptions,
} from "./verifier.js";
