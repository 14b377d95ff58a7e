import type Docker from 'dockerode'
import type { SeededFile } from '../runtime'
import { isMissing } from './engine-error'
import { nameOf, ownLabels, type Identity } from './container-spec'
import { tarOf } from './tar'

/**
 * An image that is `image` and the given files. A container with a read-only root takes no files after it was made (the engine
 * refuses the archive), so they come with its image; nothing is left in this machine's own file system.
 * Its command is of no use. @returns the new image's id.
 */
export async function makeFilesImage(docker: Docker, identity: Identity, generation: number, image: string, files: readonly SeededFile[]): Promise<string> {
  const name = `${nameOf(identity)}.files`
  await docker.getContainer(name).remove({ force: true, v: true }).catch(ignoreMissing)
  // never started; the command is for images that have none
  const draft = await docker.createContainer({ name, Image: image, Cmd: ['-'], Labels: ownLabels(identity.instance, identity.id) })
  try {
    await draft.putArchive(tarOf(files, '/'), { path: '/' })
    const made: unknown = await draft.commit({ repo: nameOf(identity), tag: String(generation), pause: false })
    if (typeof made !== 'object' || made === null || !('Id' in made)) throw new Error('The engine answered a commit without an id.')
    return String(made.Id)
  } finally {
    await draft.remove({ force: true, v: true }).catch(ignoreMissing)
  }
}

export function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error
}

/** Removes the images made for a workload, except one. */
export async function removeFilesImages(docker: Docker, { instance, id }: Identity, except?: string): Promise<void> {
  const label = Object.entries(ownLabels(instance, id)).map(([name, value]) => `${name}=${value}`)
  for (const image of await docker.listImages({ filters: { label } })) {
    if (image.Id !== except) await docker.getImage(image.Id).remove({ force: true }).catch(ignoreMissing)
  }
}
