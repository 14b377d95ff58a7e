import { PageHeader } from '@/components/page-header'
import { Moment } from '@/components/moment'
import { RuntimeNote } from '@/components/runtime-note'
import { Badge } from '@/components/ui/badge'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { pageCall } from '@/lib/auth/current-call'
import { listUsers } from '@/lib/auth/list-users'
import { viewRuntime } from '@/lib/deployments/view-runtime'
import { listAllProjects } from '@/lib/projects/list-all-projects'
import { count } from '@/lib/ui/count'
import { orNotFound } from '@/lib/ui/or-not-found'

export const metadata = { title: 'Admin' }

export default async function AdminPage() {
  const call = await pageCall('/admin')
  const users = await orNotFound(listUsers(call))
  const projects = await orNotFound(listAllProjects(call))
  const runtime = await orNotFound(viewRuntime(call))
  return (
    <>
      <PageHeader title="Admin" description="The server as a whole. What is in projects and rooms is seen only by the people in them." />
      <div className="flex flex-col gap-6">
        <Card>
          <CardHeader>
            <CardTitle>Runtime</CardTitle>
            <CardDescription>
              Services run with the runtime “{runtime.name}”, which is {runtime.available ? 'ready' : 'not available'}.
            </CardDescription>
          </CardHeader>
          <CardContent>
            <RuntimeNote runtime={runtime} />
          </CardContent>
        </Card>
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <Card>
            <CardHeader>
              <CardTitle>People</CardTitle>
              <CardDescription>{count(users.length, 'account')}</CardDescription>
            </CardHeader>
            <ul className="mt-3 divide-y">
              {users.map((user) => (
                <li key={user.userId} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3.5 text-sm sm:px-6">
                  <div className="min-w-0">
                    <p className="font-medium wrap-anywhere">{user.name ?? user.email}</p>
                    <p className="text-muted-foreground wrap-anywhere">
                      {user.name === null ? null : <>{user.email}; </>}
                      {[user.password ? 'password' : null, user.singleSignOn ? 'single sign-on' : null].filter((way) => way !== null).join(' and ')}; since <Moment at={user.createdAt} />
                    </p>
                  </div>
                  {user.serverAdmin ? <Badge tone="progress">Server admin</Badge> : null}
                </li>
              ))}
            </ul>
          </Card>
          <Card>
            <CardHeader>
              <CardTitle>Projects</CardTitle>
              <CardDescription>{count(projects.length, 'project')}</CardDescription>
            </CardHeader>
            {projects.length === 0 ? (
              <CardContent>
                <p className="text-muted-foreground text-sm">Nobody has made one yet.</p>
              </CardContent>
            ) : (
              <ul className="mt-3 divide-y">
                {projects.map((project) => (
                  <li key={project.id} className="px-4 py-3.5 text-sm sm:px-6">
                    <p className="font-medium wrap-anywhere">{project.name}</p>
                    <p className="text-muted-foreground">
                      {count(project.rooms, 'room')}, {count(project.members, 'person', 'people')}; since <Moment at={project.createdAt} />
                    </p>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </div>
      </div>
    </>
  )
}
