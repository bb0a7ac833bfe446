export const longTests: readonly (readonly [folder: string, reason: string])[]
