/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Squid's external_acl_type asks about a click, and what it is answered: lines of text by the
 * helper protocol of Squid 3.4 and later, with or without channel numbers. Does no input or output.
 */
#pragma once

#include "responders/ac-block-list.h"

G_BEGIN_DECLS

char *ac_squid_answer (AcBlockList *list,
                       const char *trouble,
                       gboolean fail_open,
                       const char *line,
                       gsize length,
                       gint64 now);

G_END_DECLS
