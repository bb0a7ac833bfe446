import type { Express } from 'express'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { httpApiYaml, paths } from '../../scripts/docs/http-api.ts'
import { problemsOf } from '../../scripts/docs/problems.ts'
import type { AppParts } from '../../src/server/app.ts'
import { createApp } from '../../src/server/app.ts'
import { problemStatus } from '../../src/wire/problem-codes.ts'
import { readText } from './documents.ts'

/** Stubs: registering the routes uses none of these, and no request is made. */
const parts = {
  spool: {},
  queue: {},
  keyring: { isDemo: false, current: () => null },
  page: new Map(),
  limits: { maxBytes: 1 },
  fairness: {},
  clock: {},
  counters: {},
  uploads: {},
} as unknown as AppParts

interface Layer {
  route?: {
    path: string | string[]
    stack: readonly { method?: string }[]
  }
}

/** Every route of the app, for example `get /receipts/{receipt}`. */
function routesOf(app: Express): string[] {
  const { stack } = (app as unknown as { router: { stack: Layer[] } }).router
  return stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : [route.path]
          .flat()
          .flatMap((path) =>
            route.stack
              .filter(({ method }) => method !== undefined)
              .map(({ method }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
          ),
  )
}

const methods = ['get', 'head', 'post', 'patch', 'delete', 'options']

describe('docs/http-api.yaml', () => {
  it('is what `npm run docs` writes', () => {
    expect(readText('docs/http-api.yaml')).toBe(httpApiYaml())
  })

  it('describes every route of the intake, and no other', () => {
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => methods.includes(key))
        .map((method) => `${method} ${path}`),
    )
    expect(described.toSorted()).toEqual(routesOf(createApp(parts)).toSorted())
  })

  it('has every problem code in its schema and in at least one response', () => {
    const codes = Object.keys(problemStatus).toSorted()
    expect([...new Set(Object.values(problemsOf).flat())].toSorted()).toEqual(codes)
    const document = parse(readText('docs/http-api.yaml')) as {
      components: { schemas: { ProblemCode: { oneOf: { const: string }[] } } }
      paths: Record<string, Record<string, { responses?: Record<string, { description: string }> }>>
    }
    const { oneOf } = document.components.schemas.ProblemCode
    expect(oneOf.map((entry) => entry.const).toSorted()).toEqual(codes)
    const described = Object.values(document.paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ responses = {} }) => Object.values(responses))
      .flatMap(({ description }) => description.match(/\b[A-Z][A-Z_]+[A-Z]\b/g) ?? [])
    for (const code of codes) expect(described).toContain(code)
  })

  it('names no status that a code does not have', () => {
    const checked = new Set<string>()
    for (const item of Object.values(paths))
      for (const method of methods) {
        const { responses = {} } = (item[method] ?? {}) as {
          responses?: Record<string, { description: string; content?: object }>
        }
        for (const [status, { description, content }] of Object.entries(responses))
          if (content !== undefined && 'application/problem+json' in content)
            for (const code of description.split(', ')) {
              checked.add(code)
              expect([code, problemStatus[code as keyof typeof problemStatus]]).toEqual([
                code,
                Number(status),
              ])
            }
      }
    expect([...checked].toSorted()).toEqual(Object.keys(problemStatus).toSorted())
  })
})
