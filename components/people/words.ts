import type { ProjectRole, RoomGrant } from '@/lib/authz/permission'

export const roleOptions: readonly { value: ProjectRole; label: string }[] = [
  { value: 'member', label: 'Member' },
  { value: 'developer', label: 'Developer' },
  { value: 'admin', label: 'Admin' },
]

export const grantOptions: readonly { value: RoomGrant; label: string }[] = [
  { value: 'member', label: 'Member' },
  { value: 'owner', label: 'Owner' },
]

export const roleHelp = 'Members see the rooms they are let into. Developers may also create rooms. Admins may do everything in the project.'
export const grantHelp = 'Members see the services of the room. Owners also install, update and uninstall, and store secrets.'
