import { expect, it } from "vitest";

import { Calls } from "../calls.js";
import { FakeClock } from "../clock.js";
import { type HttpRequest, HttpTransport } from "../http.js";
import {
  byCursor,
  byLastItem,
  byLink,
  byNumber,
  byOffset,
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
