/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a message belongs to a cluster. The mail server is asked for what may belong to it, which
 * is more than what does; each message is then looked at by itself, parsed as MIME. It does no
 * input or output. */
#pragma once

#include <gmime/gmime.h>

#include "model/ac-cluster.h"
#include "responders/ac-imap-command.h"

G_BEGIN_DECLS

typedef struct _AcMailCriteria AcMailCriteria;

AcMailCriteria *ac_mail_criteria_new (const AcCluster *cluster, GError **error);
void ac_mail_criteria_free (AcMailCriteria *criteria);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailCriteria, ac_mail_criteria_free)

AcImapCommand *ac_mail_criteria_to_search (const AcMailCriteria *criteria,
                                           const char *const *message_ids,
                                           gsize n_message_ids);
gboolean ac_mail_criteria_match_header (const AcMailCriteria *criteria,
                                        GMimeMessage *message,
                                        const char *message_id);
gboolean ac_mail_criteria_needs_body (const AcMailCriteria *criteria);
gboolean ac_mail_criteria_match_body (const AcMailCriteria *criteria, GMimeMessage *message);

G_END_DECLS
