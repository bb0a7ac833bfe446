/** One metric with all its values. */
export interface Sample {
  name: string
  help: string
  /** All rows have the same labels. A null value is unknown and left out. */
  rows: ReadonlyArray<{ labels: Record<string, string>; value: number | null }>
  /** Set for a counter, which never decreases while Redis keeps its data; otherwise a gauge. */
  isCounter?: true
}

export function one(name: string, help: string, value: number | boolean | null): Sample {
  return { name, help, rows: [{ labels: {}, value: toNumber(value) }] }
}

/** Rows for a metric with one label, one row for each of its values. */
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
