import { notFound } from 'next/navigation'
import { AppError } from '@/lib/errors'

/** What a verb answers a page. What is missing, foreign or not allowed here is a page that was not found. */
export async function orNotFound<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not-found' || error.code === 'forbidden')) notFound()
    throw error
  }
}
