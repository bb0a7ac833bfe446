/**
 * What a text from outside holds as a JSON object; nothing at all for any other text, so that each field is
 * looked at for what it is. Bound the text before.
 */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
