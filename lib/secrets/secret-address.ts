/** Where a room secret lives. */
export interface SecretAddress {
  roomId: string
  /** Identity that it belongs to. */
  owner: string
  /** Id that manifests and clients use. */
  key: string
  /** Identity it was delegated to; empty when it was not. */
  delegatedTo: string
}

/** An address in a room without delegation: what templates write and read. */
export const roomSecret = (roomId: string, owner: string, key: string): SecretAddress => ({ roomId, owner, key, delegatedTo: '' })

/** The text that binds an envelope to its place: JSON of a list, so that no two addresses share it. */
export const sealingContext = (address: SecretAddress, version: number): string =>
  JSON.stringify(['latchkey/secret/v1', address.roomId, address.owner, address.key, address.delegatedTo, version])
