import type { ReactNode } from 'react'
import { PageHeader } from '@/components/page-header'
import { SectionNav } from '@/components/section-nav'
import type { ProjectView } from '@/lib/projects/get-project'

export function ProjectHeader({ project, section, actions }: { project: ProjectView; section: '' | '/people' | '/settings'; actions?: ReactNode }) {
  const base = `/p/${project.id}`
  const sections = [
    { href: base, label: 'Rooms' },
    { href: `${base}/people`, label: 'People' },
    ...(project.allowed.includes('rename:project') ? [{ href: `${base}/settings`, label: 'Settings' }] : []),
  ]
  return (
    <>
      <PageHeader title={project.name} crumbs={[{ href: '/', label: 'Projects' }]} actions={actions} />
      <SectionNav label="Project" sections={sections} current={`${base}${section}`} />
    </>
  )
}
