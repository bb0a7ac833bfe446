/**
 * The fields of the JSON object in a text from outside; none that has a name in any other text (a
 * list has numbers), so that each field is looked at for what it is. Bound the text before.
 */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
