// What is asked of the token endpoint, and how its replies are read.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import * as oauth from "oauth4webapi";

import {
  AuthenticationError,
  IntegrationError,
  InvalidRequest,
  PermissionDenied,
  UnexpectedResponse,
} from "../runtime/errors.js";
import { errorOfFailure, errorOfReply } from "../runtime/http-errors.js";
import { Secret } from "../runtime/secrets.js";
import { checkUrl, isLocal, type PartnerConfig, SERVICE } from "./config.js";

/** Assumed where the issuer does not say how long a token lasts. */
const DEFAULT_LIFETIME_SECONDS = 300;

/** A token as it was given. */
export interface Grant {
  readonly token: Secret;
  readonly lifetimeSeconds: number;
}

/** Asks for a token. Source: RFC 6749, section 4.4; RFC 8707, section 2. */
export async function requestGrant(
  config: PartnerConfig,
  fetcher: typeof fetch,
  signal: AbortSignal,
  find: FindServer,
): Promise<Grant> {
  const client = { client_id: config.clientId };
  const authentication = oauth.ClientSecretBasic(config.clientSecret.reveal());
  const parameters = new URLSearchParams();
  if (config.scopes.length > 0)
    parameters.set("scope", config.scopes.join(" "));
  if (config.resource !== "") parameters.set("resource", config.resource);
  const options = {
    signal,
    [oauth.customFetch]: checked(fetcher),
    [oauth.allowInsecureRequests]: isLocal(config.issuer),
  };
  try {
    const server =
      config.tokenUrl === undefined
        ? await find(config.issuer)
        : { issuer: config.issuer, token_endpoint: config.tokenUrl };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      parameters,
      options,
    );
    const reply = await oauth.processClientCredentialsResponse(
      server,
      client,
      response,
    );
    return readGrant(reply, config.scopes);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof IntegrationError) throw error;
    // The library's error may hold the reply, and so a token: its message is
    // all we keep.
    throw unexpected(
      error instanceof Error ? error.message : "unreadable reply",
    );
  }
}

/** Says where an issuer gives tokens. */
export type FindServer = (issuer: string) => Promise<oauth.AuthorizationServer>;

/** Asks the issuer itself, for at most `seconds`. */
export async function discover(
  issuer: string,
  fetcher: typeof fetch,
  seconds: number,
): Promise<oauth.AuthorizationServer> {
  const identifier = new URL(issuer);
  const response = await oauth.discoveryRequest(identifier, {
    signal: AbortSignal.timeout(seconds * 1000),
    [oauth.customFetch]: checked(fetcher),
    [oauth.allowInsecureRequests]: isLocal(issuer),
  });
  const server = await oauth.processDiscoveryResponse(identifier, response);
  if (server.token_endpoint !== undefined) checkUrl(server.token_endpoint);
  return server;
}

type Init = Omit<RequestInit, "body"> & { body?: URLSearchParams | undefined };
type Fetch = (url: string, init: Init) => Promise<Response>;

/** Turns what is no success into the error it stands for. */
function checked(fetcher: typeof fetch): Fetch {
  return async (url, { body, ...init }) => {
    const response = await fetcher(url, { ...init, body: body ?? null }).catch(
      (error: unknown) => {
        throw errorOfFailure(SERVICE, "token", error);
      },
    );
    if (response.ok) return response;
    throw explained(
      await errorOfReply(SERVICE, "token", response, Date.now() / 1000),
    );
  };
}

function readGrant(
  reply: oauth.TokenEndpointResponse,
  scopes: readonly string[],
): Grant {
  if (reply.token_type !== "bearer")
    throw unexpected("the token is not a bearer token");
  const granted = reply.scope?.split(" ") ?? scopes;
  const missing = scopes.filter((scope) => !granted.includes(scope));
  if (missing.length > 0)
    throw new PermissionDenied(
      SERVICE,
      "token",
      `the issuer does not grant ${missing.join(", ")}`,
    );
  return {
    token: new Secret(reply.access_token),
    lifetimeSeconds: reply.expires_in ?? DEFAULT_LIFETIME_SECONDS,
  };
}

/**
 * Returns the error that an OAuth error code stands for, whatever its status.
 *
 * Source: RFC 6749, section 5.2; RFC 8707, section 2.
 */
function explained(error: IntegrationError): IntegrationError {
  const body = error.context["body"];
  if (
    !(error instanceof InvalidRequest) ||
    typeof body !== "object" ||
    body === null
  )
    return error;
  const code = "error" in body ? body.error : undefined;
  const { reason, context, status } = error;
  if (code === "invalid_client" || code === "unauthorized_client")
    return new AuthenticationError(SERVICE, "token", reason, {
      context,
      status,
    });
  if (code === "invalid_scope" || code === "invalid_target")
    return new PermissionDenied(SERVICE, "token", reason, { context, status });
  return error;
}

function unexpected(reason: string): UnexpectedResponse {
  return new UnexpectedResponse(SERVICE, "token", reason);
}
