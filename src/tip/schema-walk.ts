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
 * Finds a list that is longer than its `maxItems`: its path and that number, or null. The
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
