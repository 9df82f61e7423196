/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes a message a message of a cluster: the criteria that an entity “emailCluster” names.
 * All that are named must hold. It knows nothing of how messages are found. */
#pragma once

#include "model/ac-entity.h"

G_BEGIN_DECLS

/* As an action's only asset: in whatever mailbox there is. */
#define AC_CLUSTER_ALL_MAILBOXES "*"

typedef struct
{
  char *sender;            /* nullable: an address */
  char *sender_domain;     /* nullable */
  char *subject;           /* nullable */
  char *url;               /* nullable */
  char *attachment_sha256; /* nullable: small hexadecimal digits */
  GStrv message_ids;       /* empty: whatever Message-ID */
  GStrv excluded_mailboxes;
  GStrv excluded_message_ids;
} AcCluster;

AcCluster *ac_cluster_new (AcEntity *entity);
void ac_cluster_free (AcCluster *cluster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcCluster, ac_cluster_free)

gboolean ac_cluster_check (AcEntity *entity, const char *path, GError **error);
char *ac_cluster_digest (const AcCluster *cluster, const char *const *assets);
gboolean ac_cluster_has_mailbox (const AcCluster *cluster, const char *mailbox);
gboolean ac_cluster_has_message (const AcCluster *cluster, const char *message_id);

/* A message that a look has found in a mailbox; all its copies there are one. */
typedef struct
{
  char *key;         /* by what it is known again in this mailbox: its Message-ID, or a place */
  gboolean has_id;   /* the key is its Message-ID */
  JsonObject *facts; /* messageId, subject, sender, folder, receivedAt, copies */
} AcClusterMessage;

AcClusterMessage *ac_cluster_message_new (const char *key, gboolean has_id, JsonObject *facts);
void ac_cluster_message_free (AcClusterMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcClusterMessage, ac_cluster_message_free)

G_END_DECLS
