/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Explorer looks for in the mailboxes. All that is named must hold. A query that names
 * nothing but what a cluster can name is the same as that cluster. It knows nothing of how messages
 * are found. */
#pragma once

#include "model/ac-cluster.h"

G_BEGIN_DECLS

typedef struct
{
  char *sender;            /* nullable: an address */
  char *sender_domain;     /* nullable */
  char *recipient;         /* nullable: an address that To or Cc name */
  char *subject;           /* nullable: the whole subject */
  char *subject_part;      /* nullable: words somewhere in the subject */
  char *message_id;        /* nullable */
  char *url;               /* nullable */
  char *attachment_sha256; /* nullable */
  gint64 received_after;   /* AC_TIME_NONE: whenever */
  gint64 received_before;
  GStrv mailboxes; /* nullable: all that there are */
} AcMailQuery;

AcMailQuery *ac_mail_query_new (void);
AcMailQuery *ac_mail_query_new_from_entity (AcEntity *entity, const char *const *assets);
AcMailQuery *ac_mail_query_copy (const AcMailQuery *query);
void ac_mail_query_free (AcMailQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailQuery, ac_mail_query_free)

gboolean ac_mail_query_check (const AcMailQuery *query, GError **error);
char *ac_mail_query_to_parameters (const AcMailQuery *query);
AcCluster *ac_mail_query_to_cluster (const AcMailQuery *query);
gboolean ac_mail_query_is_cluster (const AcMailQuery *query);
AcEntity *ac_mail_query_to_entity (const AcMailQuery *query, const char *name);

G_END_DECLS
