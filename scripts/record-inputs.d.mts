import type { Plugin } from 'vite'

/** Types of record-inputs.mjs for vite.config.ts. */
export function recordInputs(): { ofPage: Plugin; ofWorkers: Plugin }
