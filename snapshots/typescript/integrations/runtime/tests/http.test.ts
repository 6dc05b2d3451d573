import { describe, expect, it } from "vitest";

import { Calls } from "../calls.js";
import { FakeClock } from "../clock.js";
import { apiKey, basic, bearer, Credentials } from "../credentials.js";
import * as errors from "../errors.js";
import {
  type HttpRequest,
  HttpTransport,
  type HttpTransportOptions,
} from "../http.js";
import { formOf } from "../http-encoding.js";
import { Metrics } from "../metrics.js";
import { Retry } from "../retry.js";
import { brokenReply, FakeServer, type Reply } from "../testing.js";

const GET: HttpRequest = {
  operation: "things.get",
  method: "GET",
  path: "/things/1",
};
const POST: HttpRequest = {
  operation: "things.create",
  method: "POST",
  path: "/things",
  json: { a: 1 },
};

function setUp(replies: Reply[], options: Partial<HttpTransportOptions> = {}) {
  const server = new FakeServer(...replies);
  const clock = new FakeClock();
  const metrics = new Metrics();
  const calls = new Calls("test", {
    clock,
    metrics,
    retry: new Retry({ jitter: () => 1 }),
  });
  const http = new HttpTransport({
    calls,
    baseUrl: "https://test/v1/",
    fetch: server.fetch,
    ...options,
  });
  return { http, server, clock, metrics };
}

const ok = () => Response.json({ id: 1 });
const reset = () =>
  new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });

describe("what is sent", () => {
  it("a query, headers and a JSON body", async () => {
    const { http, server } = setUp([ok()], { headers: { "x-version": "2" } });
    await http.json({
      ...POST,
      query: { q: "a b", none: undefined },
      headers: { "x-one": 1, "x-none": undefined },
    });
    expect(server.asked).toEqual(["POST /v1/things?q=a%20b"]);
    expect(Object.fromEntries(server.request.headers)).toMatchObject({
      accept: "application/json",
      "content-type": "application/json",
      "x-one": "1",
      "x-version": "2",
    });
    expect(await server.request.json()).toEqual({ a: 1 });
  });

  it("a form, with brackets", async () => {
    const { http, server } = setUp([ok()]);
    await http.json({
      ...POST,
      json: undefined,
      form: formOf({ metadata: { key: "v" }, expand: ["a"] }, "brackets"),
    });
    expect(server.request.headers.get("content-type")).toMatch(
      "application/x-www-form-urlencoded",
    );
    expect(await server.request.text()).toBe(
      "metadata%5Bkey%5D=v&expand%5B%5D=a",
    );
  });

  it("a body as it is", async () => {
    const { http, server } = setUp([ok()]);
    await http.json({
      ...POST,
      json: undefined,
      raw: new Uint8Array([1]),
      contentType: "image/png",
    });
    expect(server.request.headers.get("content-type")).toBe("image/png");
    expect(await server.request.text()).toBe("\u0001");
  });
});

describe("credentials", () => {
  const credentials = new Credentials({
    token: bearer("t"),
    basic: basic("me", "pw"),
    header: apiKey("header", "X-Key", "k1"),
    query: apiKey("query", "key", "k2"),
    cookie: apiKey("cookie", "session", "k3"),
    absent: bearer(undefined),
  });

  it.each([
    ["token", "authorization", "Bearer t"],
    ["basic", "authorization", "Basic bWU6cHc="],
    ["header", "x-key", "k1"],
    ["cookie", "cookie", "session=k3"],
  ])("%s goes into %s", async (scheme, header, value) => {
    const { http, server } = setUp([ok()], { credentials });
    await http.json({ ...GET, security: [["absent"], [scheme]] });
    expect(server.request.headers.get(header)).toBe(value);
  });

  it("a key goes into the query", async () => {
    const { http, server } = setUp([ok()], {
      credentials,
      security: [["query"]],
    });
    await http.json(GET);
    expect(server.asked).toEqual(["GET /v1/things/1?key=k2"]);
  });

  it("what is set is sent where nothing is needed", async () => {
    const { http, server } = setUp([ok(), ok()], { credentials });
    await http.json({ ...GET, security: [[], ["token"]] });
    await http.json({ ...GET, security: [[], ["absent"]] });
    expect(
      server.requests.map(({ headers }) => headers.get("authorization")),
    ).toEqual(["Bearer t", null]);
  });

  it("a cookie of ours goes beside that of the credentials", async () => {
    const { http, server } = setUp([ok()], { credentials });
    const cookies = { theme: "dark; session=evil", none: undefined };
    await http.json({ ...GET, cookies, security: [["cookie"]] });
    expect(server.request.headers.get("cookie")).toBe(
      "theme=dark%3B%20session%3Devil; session=k3",
    );
  });

  it.each(["TOP\nSECRET", "TOP\u00fcSECRET", "TOP\u007fSECRET"])(
    "a secret that no header takes is named but not shown: %j",
    async (secret) => {
      const given = (scheme: ReturnType<typeof bearer>) =>
        setUp([], {
          credentials: new Credentials({ token: scheme }),
          security: [["token"]],
        });
      const problem =
        "holds a line break or another character that a header does not take";
      expect(() => given(bearer(secret))).toThrow(
        `the secret for token ${problem}`,
      );
      expect(() => given(apiKey("header", "X-Key", secret))).toThrow(problem);
      const { http } = given(bearer(async () => secret));
      const error: unknown = await http.json(GET).catch((error) => error);
      expect(error).toBeInstanceOf(errors.ConfigurationError);
      expect(String(error)).not.toContain("TOP");
    },
  );

  it("nothing is sent when they are missing", async () => {
    const { http, server } = setUp([], { credentials });
    const call = http.json({
      ...GET,
      security: [["absent"], ["token", "absent"]],
    });
    await expect(call).rejects.toThrow(
      "needs credentials for absent, or token and absent",
    );
    expect(server.requests).toEqual([]);
  });

  it("a refused token is replaced, once, even for a write", async () => {
    const token = async (refresh: boolean): Promise<string> =>
      refresh ? "new" : "old";
    const refreshed = new Credentials({ token: bearer(token) });
    const refused = () => new Response(null, { status: 401 });
    const options = { credentials: refreshed, security: [["token"]] };
    const { http, server } = setUp(
      [refused(), ok(), refused(), refused()],
      options,
    );
    await http.json(POST);
    expect(
      server.requests.map(({ headers }) => headers.get("authorization")),
    ).toEqual(["Bearer old", "Bearer new"]);
    await expect(http.json(POST)).rejects.toThrow(errors.AuthenticationError);
  });

  it("they do not follow a redirect to another origin", async () => {
    const elsewhere = (location: string) =>
      new Response(null, { status: 302, headers: { location } });
    const replies = [
      elsewhere("/v2/things"),
      elsewhere("https://evil.test/"),
      ok(),
    ];
    const { http, server } = setUp(replies, {
      credentials,
      security: [["header"]],
    });
    await http.json(GET);
    expect(server.requests.map(({ headers }) => headers.get("x-key"))).toEqual([
      "k1",
      "k1",
      null,
    ]);
  });
});

describe("failures", () => {
  it.each([
    [400, errors.InvalidRequest],
    [401, errors.AuthenticationError],
    [403, errors.PermissionDenied],
    [404, errors.NotFound],
    [409, errors.Conflict],
    [302, errors.UnexpectedResponse],
    [501, errors.Unavailable],
  ])("%d is thrown at once", async (status, kind) => {
    const { http, clock } = setUp([
      Response.json({ title: "no", detail: "because" }, { status }),
    ]);
    const error: unknown = await http
      .json(GET)
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status, reason: `HTTP ${status}: because` });
    expect(clock.sleeps).toEqual([]);
  });

  it("obeys Retry-After, and holds other calls back meanwhile", async () => {
    const limited = new Response(null, {
      status: 429,
      headers: { "retry-after": "7" },
    });
    const { http, clock } = setUp([limited, ok()]);
    await http.json(POST);
    expect(clock.sleeps).toEqual([7]);
  });

  it("holds the next call back while the quota is used up", async () => {
    const headers = { "ratelimit-remaining": "0", "ratelimit-reset": "9" };
    const { http, clock } = setUp([Response.json({}, { headers }), ok()]);
    await http.json(GET);
    expect(clock.sleeps).toEqual([]);
    await http.json(GET);
    expect(clock.sleeps).toEqual([9]);
  });

  it("takes a 403 with a used up quota for a rate limit", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" };
    const { http, clock } = setUp([
      new Response(null, { status: 403, headers }),
      ok(),
    ]);
    await http.json(GET);
    expect(clock.sleeps).toEqual([9]);
  });

  it("repeats a read that was cut off", async () => {
    const { http, server } = setUp([reset(), brokenReply('{"id":'), ok()]);
    expect(await http.json(GET)).toEqual({ id: 1 });
    expect(server.requests).toHaveLength(3);
  });

  it("does not repeat a write that was cut off", async () => {
    const { http, server } = setUp([reset(), ok()]);
    await expect(http.json(POST)).rejects.toThrow(
      "no complete reply: read ECONNRESET",
    );
    expect(server.requests).toHaveLength(1);
  });

  it("repeats a write that never left", async () => {
    const refused = Object.assign(new Error("connect"), {
      code: "ECONNREFUSED",
    });
    const { http, server } = setUp([
      new TypeError("fetch failed", { cause: refused }),
      ok(),
    ]);
    await http.json(POST);
    expect(server.requests).toHaveLength(2);
  });

  it("repeats a write under one idempotency key", async () => {
    const { http, server } = setUp([reset(), ok(), reset(), ok()]);
    const keyed = { ...POST, idempotencyHeader: "X-Once" };
    await http.json({ ...keyed, options: { idempotencyKey: "mine" } });
    await http.json(keyed);
    const [one, two, three, four] = server.requests.map(
      ({ headers }) => headers,
    );
    expect([one?.get("x-once"), two?.get("x-once")]).toEqual(["mine", "mine"]);
    expect(three?.get("x-once")).toMatch(/^[0-9a-f-]{36}$/);
    expect(four?.get("x-once")).toBe(three?.get("x-once"));
  });

  it("does not repeat a write under a key that the service does not know", async () => {
    const { http, server } = setUp([reset(), ok()]);
    const call = http.json({ ...POST, options: { idempotencyKey: "mine" } });
    await expect(call).rejects.toThrow(errors.Unavailable);
    expect(server.requests).toHaveLength(1);
    expect(server.request.headers.has("idempotency-key")).toBe(false);
  });

  it("holds back only what shares the quota that is used up", async () => {
    const headers = {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "9",
      "x-ratelimit-resource": "search",
    };
    const { http, clock } = setUp([Response.json({}, { headers }), ok(), ok()]);
    const search = { ...GET, operation: "search" };
    await http.json(search);
    await http.json(GET);
    expect(clock.sleeps).toEqual([]);
    await http.json(search);
    expect(clock.sleeps).toEqual([9]);
  });

  it("waits for a reply no longer than for one attempt", async () => {
    const { http, server, clock } = setUp([
      (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener("abort", () =>
            reject(request.signal.reason),
          );
          clock.advance(30);
        }),
      ok(),
    ]);
    expect(await http.json(GET)).toEqual({ id: 1 });
    expect(server.requests).toHaveLength(2);
  });
});

describe("replies", () => {
  it.each([
    ["text/html", "<html>", "wanted JSON, got text/html"],
    ["application/json", "{", "not valid JSON"],
    ["application/json", "7", "wanted an object or a list, got 7"],
  ])("of type %s that say %s are unexpected", async (type, body, reason) => {
    const { http } = setUp([
      new Response(body, { headers: { "content-type": type } }),
    ]);
    await expect(http.json(GET)).rejects.toThrow(reason);
  });

  it("may be text, bytes or nothing", async () => {
    const { http } = setUp([
      new Response("a"),
      new Response("b"),
      ok(),
      new Response(null, { status: 204 }),
    ]);
    expect(await http.text(GET)).toBe("a");
    expect(await (await http.blob(GET)).text()).toBe("b");
    expect(await http.nothing(GET)).toBeUndefined();
    expect(await http.optionalJson(GET)).toBeUndefined();
  });

  it("say what they cost", async () => {
    const reply = Response.json({}, { headers: { "x-cost": "3" } });
    const { http, metrics } = setUp([reply], { costHeader: "x-cost" });
    await http.json(GET);
    expect(metrics.snapshot()).toMatchObject([{ calls: 1, cost: 3 }]);
  });
});

it.each(["test/v1", "https://", "https://test/v1\n", "https://test?a=1"])(
  "a base URL must be one: %j",
  (baseUrl) => {
    expect(() => setUp([], { baseUrl })).toThrow(errors.ConfigurationError);
  },
);
