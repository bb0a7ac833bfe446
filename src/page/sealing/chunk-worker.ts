import { serveChunks } from './serve-chunks.ts'

serveChunks(globalThis as unknown as Parameters<typeof serveChunks>[0])
