/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beginning of a list that was read while its source was being opened, so that it can be shown
 * at once. The whole list follows in the usual way. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

typedef struct
{
  AcActionQuery *query;
  guint64 total;   /* of the whole list */
  GArray *keys;    /* of guint64: the first ones */
  GPtrArray *rows; /* of AcAction, NULL where there is none: of the first of these keys */
} AcFirstPage;

AcFirstPage *ac_first_page_new (AcActionQuery *query);
void ac_first_page_free (AcFirstPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcFirstPage, ac_first_page_free)

G_END_DECLS
