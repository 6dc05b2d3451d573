import { expect, it } from "vitest";

import { Calls } from "../calls.js";
import { FakeClock } from "../clock.js";
import { NotFound, UnexpectedResponse } from "../errors.js";
import { type HttpRequest, HttpTransport } from "../http.js";
import {
  byCursor,
  byLastItem,
  byLink,
  byNumber,
  byOffset,
  byUrl,
  Pages,
  type Paging,
} from "../pages.js";
import { FakeServer } from "../testing.js";

interface Body {
  data: number[];
  total?: number;
  next?: string | null;
}

const REQUEST: HttpRequest = {
  operation: "list",
  method: "GET",
  path: "/n",
  query: { limit: 2 },
};
const items = (page: Body): number[] => page.data;

async function follow(paging: Paging<Body, number>, ...replies: Response[]) {
  const server = new FakeServer(...replies);
  const calls = new Calls("test", { clock: new FakeClock() });
  const http = new HttpTransport({
    calls,
    baseUrl: "https://test",
    fetch: server.fetch,
  });
  const pages = new Pages(http, REQUEST, paging);
  const numbers: number[] = [];
  for await (const number of pages) numbers.push(number);
  return { numbers, asked: server.asked };
}

const page = (body: Body, headers: Record<string, string> = {}) =>
  Response.json(body, { headers });

it("by offset, until the total is reached", async () => {
  const paging = byOffset("offset", items, (body) => body.total);
  const got = await follow(
    paging,
    page({ data: [1, 2], total: 3 }),
    page({ data: [3], total: 3 }),
  );
  expect(got).toEqual({
    numbers: [1, 2, 3],
    asked: ["GET /n?limit=2", "GET /n?limit=2&offset=2"],
  });
});

it("by offset, until a page is empty", async () => {
  const got = await follow(
    byOffset("offset", items),
    page({ data: [1] }),
    page({ data: [] }),
  );
  expect(got).toEqual({
    numbers: [1],
    asked: ["GET /n?limit=2", "GET /n?limit=2&offset=1"],
  });
});

it("by number, until a page is empty", async () => {
  const got = await follow(
    byNumber("page", items),
    page({ data: [1] }),
    page({ data: [] }),
  );
  expect(got).toEqual({
    numbers: [1],
    asked: ["GET /n?limit=2", "GET /n?limit=2&page=2"],
  });
});

it("by number, from where the service begins", async () => {
  const got = await follow(
    byNumber("page", items, { first: 0 }),
    page({ data: [1] }),
    page({ data: [] }),
  );
  expect(got.asked).toEqual(["GET /n?limit=2", "GET /n?limit=2&page=1"]);
});

it.each([
  ["more", { more: (body: Body) => body.next }],
  ["last", { last: () => 2 }],
  ["total", { total: () => 2 }],
])("by number, until a page says so: %s", async (_, options) => {
  const got = await follow(
    byNumber("page", items, options),
    page({ data: [1], next: "2" }),
    page({ data: [2], next: null }),
  );
  expect(got).toEqual({
    numbers: [1, 2],
    asked: ["GET /n?limit=2", "GET /n?limit=2&page=2"],
  });
});

it.each([
  ["number", byNumber("page", items)],
  ["offset", byOffset("page", items)],
])(
  "by %s, until a guess is not found or the last comes again",
  async (_, paging) => {
    const missing = new Response(null, { status: 404 });
    const found = await follow(paging, page({ data: [1] }), missing);
    expect(found.numbers).toEqual([1]);
    const last = () => page({ data: [2] });
    const again = await follow(paging, page({ data: [1] }), last(), last());
    expect(again.numbers).toEqual([1, 2]);
    const first = follow(paging, new Response(null, { status: 404 }));
    await expect(first).rejects.toThrow(NotFound);
  },
);

it("by cursor, until it stays the same", async () => {
  const paging = byCursor("after", items, (body: Body) => body.next);
  const got = await follow(
    paging,
    page({ data: [1], next: "x" }),
    page({ data: [2], next: "x" }),
  );
  expect(got.numbers).toEqual([1, 2]);
});

it("by cursor, until there is none", async () => {
  const paging = byCursor("after", items, (body: Body) => body.next);
  const got = await follow(
    paging,
    page({ data: [1], next: "x" }),
    page({ data: [2], next: null }),
  );
  expect(got).toEqual({
    numbers: [1, 2],
    asked: ["GET /n?limit=2", "GET /n?limit=2&after=x"],
  });
});

it("by the last item, while there is more", async () => {
  const key = (item: number) => `n${item}`;
  const more = (body: Body) => body.total !== undefined;
  const paging = byLastItem("starting_after", items, key, more);
  const got = await follow(
    paging,
    page({ data: [1, 2], total: 3 }),
    page({ data: [3] }),
  );
  expect(got).toEqual({
    numbers: [1, 2, 3],
    asked: ["GET /n?limit=2", "GET /n?limit=2&starting_after=n2"],
  });
});

it("by link, until there is none", async () => {
  const link =
    '<https://test/n?page=1>; rel="prev", <https://test/n?page=3>; rel="next"';
  const got = await follow(
    byLink(items),
    page({ data: [1] }, { link }),
    page({ data: [2] }),
  );
  expect(got).toEqual({
    numbers: [1, 2],
    asked: ["GET /n?limit=2", "GET /n?page=3"],
  });
});

it.each([
  '<n?page=2>; title="a,b"; rel="next"',
  '</n?page=1>; title="; rel=next"; rel=first, <?page=2>;rel="prefetch Next"',
  "<?page=2>; rel=next; rel=prev",
])("by link, seen from where the page is: %s", async (link) => {
  const first = page({ data: [1] }, { link });
  const got = await follow(byLink(items), first, page({ data: [2] }));
  expect(got.asked).toEqual(["GET /n?limit=2", "GET /n?page=2"]);
});

it.each(["https://test/n?page=2", "/n?page=2", "?page=2"])(
  "by the URL that a page holds: %s",
  async (next) => {
    const paging = byUrl(items, (body: Body) => body.next);
    const first = page({ data: [1], next });
    const got = await follow(paging, first, page({ data: [2], next: null }));
    expect(got).toEqual({
      numbers: [1, 2],
      asked: ["GET /n?limit=2", "GET /n?page=2"],
    });
  },
);

it("by link, unless it is no URL", async () => {
  const link = "<http://[>; rel=next";
  const got = follow(byLink(items), page({ data: [1] }, { link }));
  await expect(got).rejects.toThrow(UnexpectedResponse);
});

it("fetches no page that nobody asks for", async () => {
  const server = new FakeServer(page({ data: [1, 2], total: 9 }));
  const calls = new Calls("test", { clock: new FakeClock() });
  const http = new HttpTransport({
    calls,
    baseUrl: "https://test",
    fetch: server.fetch,
  });
  for await (const number of new Pages(
    http,
    REQUEST,
    byOffset("offset", items),
  ))
    if (number === 2) break;
  expect(server.requests).toHaveLength(1);
});
