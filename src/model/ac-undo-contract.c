/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contracts. What stands here the responders keep, and their tests hold them to it; who changes
 * what an undo does changes it here as well. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-undo-contract.h"

static const AcUndoContract contracts[] = {
  [AC_ACTION_TYPE_SOFT_DELETE_EMAIL] = {
    N_ ("The message, in the folder that it came from, with its flags, keywords and date."),
    N_ ("For a year at least, while the message lies in the recoverable folder."),
    N_ ("What was read, copied or forwarded before; and a message that somebody else has deleted "
        "from the recoverable folder or moved away from there."),
  },
  [AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER] = {
    N_ ("Every message that this action has moved and no other, each in the folder that it came "
        "from, with its flags, keywords and date."),
    N_ ("For a year at least, while the messages lie in the recoverable folder."),
    N_ ("What was read, copied or forwarded before; and messages that somebody else has deleted "
        "from the recoverable folder or moved away from there."),
  },
  [AC_ACTION_TYPE_QUARANTINE_EMAIL] = {
    N_ ("The message, in the mailbox and folder that it came from, with its flags, keywords and "
        "date."),
    N_ ("For a year at least, while the message lies in quarantine."),
    N_ ("What was read, copied or forwarded before; and a message that somebody else has deleted "
        "from quarantine."),
  },
  [AC_ACTION_TYPE_QUARANTINE_ATTACHMENT] = {
    N_ ("The original message byte for byte, with its flags, keywords and date, in place of the one "
        "without the attachment."),
    N_ ("For a year at least, while the original lies in quarantine."),
    N_ ("An attachment that was opened or saved before; and an original that somebody else has "
        "deleted from quarantine."),
  },
  [AC_ACTION_TYPE_BLOCK_URL] = {
    N_ ("Access: this action's entry is taken off the block list, and out of DNS."),
    N_ ("At any time within a year at least; a block with an end is over by itself then."),
    N_ ("Visits from before the block; and access to what another action blocks as well. Who has "
        "asked DNS shortly before keeps that answer for some seconds."),
  },
  [AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING] = {
    N_ ("The script that was active before, byte for byte."),
    N_ ("For a year at least, while nobody changes the scripts of the mailbox: otherwise undo "
        "leaves them alone and shows what was changed."),
    N_ ("Mail that was forwarded before; and the forwarding of mail that comes in until the undo."),
  },
  [AC_ACTION_TYPE_QUARANTINE_FILE] = {
    N_ ("The file, at its path, with its contents, owner, mode and times."),
    N_ ("For a year at least, while the file lies in the quarantine folder of the device and "
        "nothing else stands at its path: what stands there is never replaced."),
    N_ ("What the file has done before; and a file that somebody else has deleted from the "
        "quarantine folder or changed there."),
  },
};

/**
 * ac_undo_contract_find:
 * @contract: (out caller-allocates): translated
 *
 * Returns: whether there is a contract, which there is for each type that this program knows.
 */
gboolean
ac_undo_contract_find (AcActionType type, AcUndoContract *contract)
{
  g_return_val_if_fail (contract != NULL, FALSE);

  if (type >= G_N_ELEMENTS (contracts) || contracts[type].brings_back == NULL)
    return FALSE;
  contract->brings_back = _ (contracts[type].brings_back);
  contract->until = _ (contracts[type].until);
  contract->cannot = _ (contracts[type].cannot);
  return TRUE;
}
