/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of a query as JSON text, for links and for what is kept: an object whose members are
 * the filters' names and whose values are arrays, {"operationId":["…"]}. Plain functions. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

char *ac_query_text_format (AcActionQuery *query);
AcActionQuery *ac_query_text_parse (AcActionQuery *base, const char *text, GError **error);

G_END_DECLS
