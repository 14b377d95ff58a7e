import { z } from 'zod'

/** Format and control characters, and everything that Unicode lets be drawn as nothing: two such names would look alike. */
const unseen = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u
/** Spaces other than the ordinary one look like it and are not. */
const oddSpace = /(?! )\p{Zs}/u

/** The name of a place or a person: 1 to 80 visible characters, spaces at the ends taken off, in Unicode form NFC. */
function visibleName(what: string) {
  return z
    .string({ error: `Give the ${what} a name.` })
    .transform((text) => text.trim().normalize('NFC'))
    .pipe(
      z
        .string()
        .min(1, `Give the ${what} a name.`)
        .refine((text) => [...text].length <= 80, 'A name has at most 80 characters.')
        .refine((text) => !unseen.test(text), 'A name has no invisible or control characters.')
        .refine((text) => !oddSpace.test(text), 'A name has ordinary spaces only.'),
    )
}

export const ProjectName = visibleName('project')
export const RoomName = visibleName('room')
export const PersonName = visibleName('person')
