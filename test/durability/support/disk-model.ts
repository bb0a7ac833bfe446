import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { bytesIn, type Call, pathIn, pathOfDescriptor } from './parse-strace.ts'

/** The contents of a folder: from each path to the bytes of a file, or to null for a folder. */
export type Tree = Map<string, Buffer | null>

/**
 * Models what POSIX guarantees about a folder whose changes were recorded: the bytes of a file are
 * durable after an fsync of the file, a name is durable after an fsync of its folder. A rename is
 * atomic, as in every journalling file system.
 */
export class DiskModel {
  readonly root: string
  readonly #top: Folder = makeFolder()
  readonly #descriptors = new Map<number, Descriptor>()
  readonly #syncing = new Map<Call, () => void>()
  #changes: NameChange[] = []

  /**
   * Starts from what is on the disk now, all of which counts as durable.
   * @param unsyncedNames paths under the root whose names another process has not synced yet
   */
  constructor(root: string, unsyncedNames: readonly string[] = []) {
    this.root = realpathSync(root)
    this.#seed(this.#top, this.root)
    for (const name of unsyncedNames) this.#loosen(join(this.root, name))
  }

  /** Replays calls in order of time. `look` is called before each call takes effect. */
  replay(calls: readonly Call[], look: (call: Call) => void = () => {}): void {
    const events = calls
      .flatMap((call) => [
        { at: call.start, run: () => this.#begin(call, look) },
        { at: call.end + 0.5, run: () => this.#end(call) },
      ])
      .sort((one, other) => one.at - other.at)
    for (const { run } of events) run()
  }

  /** The contents as programs see them while the power is on. */
  now(): Tree {
    return treeOf(this.#top, 'now', new Set())
  }

  /**
   * The contents after a power cut: everything that was synced, and of the rest only `survivors`.
   */
  afterPowerCut(survivors: ReadonlySet<Pending> = new Set()): Tree {
    return treeOf(this.#top, 'safe', survivors)
  }

  /** The unsynced changes. Each may survive a power cut or not, independently of the others. */
  pending(): Pending[] {
    const files = new Set<File>()
    for (const change of this.#changes)
      for (const { node } of change.parts) if (node?.kind === 'file') files.add(node)
    collectFiles(this.#top, files)
    return [...this.#changes, ...[...files].filter(isUnsynced)]
  }

  /** Whether a power cut could lose the current bytes of a file. False for a missing file. */
  isUnsynced(path: string): boolean {
    const node = this.#find(path)
    return node?.kind === 'file' && isUnsynced(node)
  }

  /** Whether a power cut could lose the last time set on a file. False for a missing file. */
  hasUnsyncedTime(path: string): boolean {
    const node = this.#find(path)
    return node?.kind === 'file' && node.time !== node.safeTime
  }

  /** Whether a time was set on a file in the recording, and is durable. */
  hasSafeTime(path: string): boolean {
    const node = this.#find(path)
    return node?.kind === 'file' && node.time !== '' && node.time === node.safeTime
  }

  /** Whether everything in a folder, at any depth, is durable, apart from the folder's own name. */
  isFilled(path: string): boolean {
    const node = this.#find(path)
    if (node?.kind !== 'folder') return false
    const folders = new Set<Node>([node])
    const files = new Set<File>()
    collectFiles(node, files, folders)
    const isChanged = ({ parts }: NameChange): boolean =>
      parts.some(({ folder }) => folders.has(folder))
    return ![...files].some(isUnsynced) && !this.#changes.some(isChanged)
  }

  contains(path: string): boolean {
    return path === this.root || path.startsWith(`${this.root}/`)
  }

  #seed(folder: Folder, path: string): void {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name)
      if (entry.isDirectory()) {
        const node = makeFolder()
        this.#seed(node, child)
        setBoth(folder, entry.name, node)
      } else if (entry.isFile()) {
        const { ino, nlink } = statSync(child)
        const bytes = readFileSync(child)
        setBoth(folder, entry.name, this.#known(nlink > 1 ? ino : null, bytes))
      }
    }
  }

  readonly #linked = new Map<number, File>()
  #known(inode: number | null, bytes: Buffer): File {
    const found = inode === null ? undefined : this.#linked.get(inode)
    const file = found ?? { ...makeFile(), now: bytes, safe: bytes }
    if (inode !== null) this.#linked.set(inode, file)
    return file
  }

  #loosen(path: string): void {
    const part = this.#part(path, this.#find(path))
    if (part === null) throw new Error(`there is no ${path}`)
    part.folder.safe.delete(part.name)
    this.#changes.push({ kind: 'name', parts: [part], text: `name ${path}` })
  }

  /** Remembers what is there when an fsync begins: only that becomes durable when it ends. */
  #begin(call: Call, look: (call: Call) => void): void {
    look(call)
    if (call.name !== 'fsync' && call.name !== 'fdatasync') return
    const path = pathOfDescriptor(call.args[0] ?? '')
    const node = path === null ? null : this.#find(path)
    if (node === null) return
    if (node.kind === 'file') {
      const { now, time } = node
      this.#syncing.set(call, () => Object.assign(node, { safe: now, safeTime: time }))
      return
    }
    const changes = this.#changes.filter(({ parts }) => parts.some((part) => part.folder === node))
    this.#syncing.set(call, () => this.#settle(changes))
  }

  #settle(changes: readonly NameChange[]): void {
    for (const change of changes) if (this.#changes.includes(change)) applyTo('safe', change)
    this.#changes = this.#changes.filter((change) => !changes.includes(change))
  }

  #end(call: Call): void {
    const sync = this.#syncing.get(call)
    this.#syncing.delete(call)
    if (call.result < 0) return
    if (sync !== undefined) sync()
    else this.#apply(call)
  }

  #apply({ name, args, result }: Call): void {
    const [first = '', second = '', third = '', fourth = ''] = args
    switch (name) {
      case 'open':
      case 'openat': {
        const [where, flags] = name === 'open' ? [first, second] : [this.#at(first, second), third]
        return this.#open(name === 'open' ? pathIn(where) : where, flags, result)
      }
      case 'write':
      case 'writev':
        return this.#write(first, bytesIn(second).subarray(0, result), null)
      case 'pwrite64':
      case 'pwritev':
        return this.#write(first, bytesIn(second).subarray(0, result), Number(fourth))
      case 'ftruncate':
        return this.#truncate(pathOfDescriptor(first), Number(second))
      case 'truncate':
        return this.#truncate(resolve(pathIn(first)), Number(second))
      case 'link':
        return this.#link(pathIn(first), pathIn(second))
      case 'linkat':
        return this.#link(this.#at(first, second), this.#at(third, fourth))
      case 'rename':
        return this.#rename(pathIn(first), pathIn(second))
      case 'renameat':
      case 'renameat2':
        return this.#rename(this.#at(first, second), this.#at(third, fourth))
      case 'unlink':
      case 'rmdir':
        return this.#set(pathIn(first), null)
      case 'unlinkat':
        return this.#set(this.#at(first, second), null)
      case 'mkdir':
        return this.#set(pathIn(first), makeFolder())
      case 'mkdirat':
        return this.#set(this.#at(first, second), makeFolder())
      case 'utimensat':
        return this.#setTime(first, second, third)
      case 'sendfile':
      case 'copy_file_range':
      case 'fallocate':
        return this.#refuse(name, args)
    }
  }

  /** Resolves a path relative to the folder of a descriptor. */
  #at(descriptor: string, path: string): string {
    return resolve(pathOfDescriptor(descriptor) ?? '/', pathIn(path))
  }

  #refuse(name: string, args: readonly string[]): void {
    if (args.some((argument) => this.contains(pathOfDescriptor(argument) ?? '')))
      throw new Error(`the model of the disk does not know ${name}`)
  }

  #open(path: string, flags: string, descriptor: number): void {
    if (!this.contains(path)) return
    if (this.#find(path) === null) {
      if (!flags.includes('O_CREAT')) return
      this.#set(path, makeFile())
    }
    const node = this.#find(path)
    if (node?.kind !== 'file') return
    if (flags.includes('O_TRUNC')) node.now = Buffer.alloc(0)
    this.#descriptors.set(descriptor, { file: node, at: 0, isAppend: flags.includes('O_APPEND') })
  }

  #write(argument: string, bytes: Buffer, position: number | null): void {
    const path = pathOfDescriptor(argument)
    if (path === null || !this.contains(path)) return
    const open = this.#descriptors.get(Number.parseInt(argument, 10))
    if (open === undefined) return
    const at = open.isAppend ? open.file.now.length : (position ?? open.at)
    const length = Math.max(open.file.now.length, at + bytes.length)
    const grown = Buffer.concat([open.file.now], length)
    bytes.copy(grown, at)
    open.file.now = grown
    if (position === null) open.at = at + bytes.length
  }

  #truncate(path: string | null, length: number): void {
    const node = path === null ? null : this.#find(path)
    if (node?.kind === 'file') node.now = Buffer.concat([node.now.subarray(0, length)], length)
  }

  #setTime(descriptor: string, path: string, times: string): void {
    const at = path === 'NULL' ? pathOfDescriptor(descriptor) : this.#at(descriptor, path)
    const node = at === null ? null : this.#find(at)
    if (node?.kind === 'file') node.time = times
  }

  #link(from: string, to: string): void {
    const node = this.#find(from)
    if (this.contains(to) && node !== null) this.#set(to, node)
  }

  #rename(from: string, to: string): void {
    const node = this.#find(from)
    if (node === null) return
    const parts = [this.#part(to, node), this.#part(from, null)].filter((part) => part !== null)
    this.#change({ kind: 'name', parts, text: `rename ${from} to ${to}` })
  }

  #set(path: string, node: Node | null): void {
    const part = this.contains(path) ? this.#part(path, node) : null
    if (part !== null)
      this.#change({
        kind: 'name',
        parts: [part],
        text: `${node === null ? 'unlink' : 'name'} ${path}`,
      })
  }

  #change(change: NameChange): void {
    applyTo('now', change)
    this.#changes.push(change)
  }

  #part(path: string, node: Node | null): NamePart | null {
    const folder = this.#find(dirname(path))
    if (folder?.kind !== 'folder') return null
    return { folder, name: path.slice(path.lastIndexOf('/') + 1), node }
  }

  #find(path: string): Node | null {
    if (!this.contains(path)) return null
    let node: Node | undefined = this.#top
    for (const name of path.slice(this.root.length + 1).split('/')) {
      if (name === '') continue
      node = node?.kind === 'folder' ? node.now.get(name) : undefined
    }
    return node ?? null
  }
}

interface File {
  kind: 'file'
  now: Buffer
  /** The bytes as of the last fsync; null before the first. */
  safe: Buffer | null
  /** The times that were last set, as strace prints them. */
  time: string
  safeTime: string
}

interface Folder {
  kind: 'folder'
  now: Map<string, Node>
  safe: Map<string, Node>
}

type Node = File | Folder

interface NamePart {
  folder: Folder
  name: string
  /** What the name refers to from now on; null if the name is removed. */
  node: Node | null
}

interface NameChange {
  kind: 'name'
  parts: NamePart[]
  text: string
}

/** An unsynced change: names that were changed together, or the bytes of a file. */
export type Pending = NameChange | File

interface Descriptor {
  file: File
  at: number
  isAppend: boolean
}

function makeFile(): File {
  return { kind: 'file', now: Buffer.alloc(0), safe: null, time: '', safeTime: '' }
}

function makeFolder(): Folder {
  return { kind: 'folder', now: new Map(), safe: new Map() }
}

function setBoth(folder: Folder, name: string, node: Node): void {
  folder.now.set(name, node)
  folder.safe.set(name, node)
}

function applyTo(which: 'now' | 'safe', { parts }: NameChange): void {
  for (const { folder, name, node } of parts)
    if (node === null) folder[which].delete(name)
    else folder[which].set(name, node)
}

function isUnsynced(file: File): boolean {
  return file.safe === null ? file.now.length > 0 : !file.safe.equals(file.now)
}

function collectFiles(folder: Folder, files: Set<File>, folders = new Set<Node>()): void {
  for (const node of folder.now.values()) {
    if (node.kind === 'file') files.add(node)
    else {
      folders.add(node)
      collectFiles(node, files, folders)
    }
  }
}

function treeOf(top: Folder, which: 'now' | 'safe', survivors: ReadonlySet<Pending>): Tree {
  const names = new Map<Folder, Map<string, Node>>()
  const namesOf = (folder: Folder): Map<string, Node> => {
    const found = names.get(folder) ?? new Map(folder[which])
    names.set(folder, found)
    return found
  }
  for (const change of survivors) {
    if (change.kind !== 'name') continue
    for (const { folder, name, node } of change.parts)
      if (node === null) namesOf(folder).delete(name)
      else namesOf(folder).set(name, node)
  }
  const tree: Tree = new Map()
  const walk = (folder: Folder, path: string): void => {
    for (const [name, node] of namesOf(folder)) {
      const at = path === '' ? name : `${path}/${name}`
      if (node.kind === 'file') {
        const isNow = which === 'now' || survivors.has(node)
        tree.set(at, isNow ? node.now : (node.safe ?? Buffer.alloc(0)))
      } else {
        tree.set(at, null)
        walk(node, at)
      }
    }
  }
  walk(top, '')
  return tree
}
