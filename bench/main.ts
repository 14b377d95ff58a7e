import { benchTemplates } from './templates'
import { sayVerdicts } from './report'

benchTemplates()
sayVerdicts()
