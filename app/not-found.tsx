import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/page-header'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <>
      <PageHeader title="This page was not found" description="It does not exist, or you have no access to it. If someone sent you the link, ask them to invite you to the room." />
      <Button asChild>
        <Link href="/">Go to your projects</Link>
      </Button>
    </>
  )
}
