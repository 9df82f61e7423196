/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links to what the window shows: action-center:pending, action-center:history,
 * action-center:action/ID, action-center:approval/ID, action-center:investigation/ID; the two lists
 * with filters, ?filters={"operationId":["…"]}, escaped by RFC 3986. A link opens; it never
 * decides.
 *
 * Plain functions. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

typedef enum
{
  AC_LINK_PENDING,
  AC_LINK_HISTORY,
  AC_LINK_ACTION,
  AC_LINK_APPROVAL,
  AC_LINK_INVESTIGATION,
} AcLinkKind;

typedef struct
{
  AcLinkKind kind;
  char *id;      /* of what it leads to; nullable */
  char *filters; /* nullable: JSON, as ac-query-text.h */
} AcLink;

AcLink *ac_link_parse (const char *uri, GError **error);
void ac_link_free (AcLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcLink, ac_link_free)
char *ac_link_format_action (const char *id);
char *ac_link_format_query (AcActionQuery *query);

G_END_DECLS
