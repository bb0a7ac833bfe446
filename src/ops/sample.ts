/** One metric and all its values. */
export interface Sample {
  name: string
  help: string
  /** All with the same labels. Null: not known now, and left out. */
  rows: ReadonlyArray<{ labels: Record<string, string>; value: number | null }>
  /** Only what never goes down while Redis keeps its data; else a gauge. */
  isCounter?: true
}

export function one(name: string, help: string, value: number | boolean | null): Sample {
  return { name, help, rows: [{ labels: {}, value: toNumber(value) }] }
}

/** One value for each value of a label. */
export function by(
  label: string,
  name: string,
  help: string,
  values: Record<string, number | boolean | null>,
): Sample {
  return {
    name,
    help,
    rows: Object.entries(values).map(([key, value]) => ({
      labels: { [label]: key },
      value: toNumber(value),
    })),
  }
}

function toNumber(value: number | boolean | null): number | null {
  return value === null ? null : Number(value)
}
