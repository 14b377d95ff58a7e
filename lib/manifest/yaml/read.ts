import { composeDocument } from './compose'
import { construct, type Constructed, type Construction } from './construct'

/**
 * Reads a text as YAML 1.1, as PyYAML's SafeLoader reads it, with the place of everything.
 * Returns null for a text without a document. Throws {@link YamlError}.
 */
export function readYaml(text: string, by: Construction): Constructed | null {
  const root = composeDocument(text, by)
  return root === null ? null : construct(root, by)
}
