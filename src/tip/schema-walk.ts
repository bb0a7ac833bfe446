/** The part of JSON Schema that the schema of a tip uses for its structure. */
export interface SchemaNode {
  anyOf?: readonly SchemaNode[]
  items?: SchemaNode
  maxItems?: number
  properties?: Readonly<Record<string, SchemaNode>>
}

// `anyOf` always means "this or null".
const structureOf = (schema: SchemaNode): SchemaNode => schema.anyOf?.[0] ?? schema

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Finds a list that is longer than its `maxItems`; returns its path and the maximum, or null. The
 * validator checks every item before it checks their number, which takes 20 seconds for a million
 * empty persons.
 *
 * Only visits fields of the schema, so the depth of hostile input does not matter.
 */
export function findOverlongList(
  schema: SchemaNode,
  value: unknown,
  path = '',
): { path: string; maxItems: number } | null {
  const { items, maxItems = 0, properties = {} } = structureOf(schema)
  if (Array.isArray(value)) {
    if (items === undefined) return null
    if (value.length > maxItems) return { path, maxItems }
    return firstFound(value, (item, index) => findOverlongList(items, item, `${path}[${index}]`))
  }
  if (!isRecord(value)) return null
  return firstFound(Object.entries(properties), ([key, field]) =>
    Object.hasOwn(value, key)
      ? findOverlongList(field, value[key], path === '' ? key : `${path}.${key}`)
      : null,
  )
}

const firstFound = <Item, Found>(
  items: readonly Item[],
  find: (item: Item, index: number) => Found | null,
): Found | null => {
  for (const [index, item] of items.entries()) {
    const found = find(item, index)
    if (found !== null) return found
  }
  return null
}

/** A field that the schema does not have: its path and its value. */
export interface UnknownField {
  /** For example `persons[0].shoe_size`. Every character is printable. */
  path: string
  /** The beginning of the value's JSON. */
  value: string
}

const maxUnknownFields = 100
const maxUnknownChars = 2_000
const maxUnknownPathChars = 120

/**
 * Removes every field from `value` that `schema` does not have, and returns the first hundred of
 * them. Only visits fields of the schema, like `findOverlongList`.
 */
export function takeUnknownFields(schema: SchemaNode, value: unknown): UnknownField[] {
  const found: UnknownField[] = []
  takeFrom(schema, value, '', found)
  return found
}

function takeFrom(schema: SchemaNode, value: unknown, path: string, found: UnknownField[]): void {
  const { items, properties } = structureOf(schema)
  if (Array.isArray(value)) {
    if (items !== undefined)
      for (const [index, item] of value.entries()) takeFrom(items, item, `${path}[${index}]`, found)
    return
  }
  if (!isRecord(value) || properties === undefined) return
  for (const [key, inner] of Object.entries(value)) {
    const field = Object.hasOwn(properties, key) ? properties[key] : undefined
    const fieldPath = path === '' ? key : `${path}.${key}`
    if (field !== undefined) takeFrom(field, inner, fieldPath, found)
    else {
      delete (value as Record<string, unknown>)[key]
      if (found.length < maxUnknownFields)
        found.push({
          path: fieldPath.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd').slice(0, maxUnknownPathChars),
          value: JSON.stringify(inner).slice(0, maxUnknownChars),
        })
    }
  }
}
