//! What to type about an account.

use crate::office::AccountRefusal;

/// Of an account.
pub(super) fn account(refusal: &AccountRefusal) -> &'static str {
    match refusal {
        AccountRefusal::NoSuchAccount => "; `chappe accounts` lists them",
        AccountRefusal::NoSuchSession => "; `chappe accounts sessions` lists them",
        AccountRefusal::NotTheFirst => ": name one of them: chappe accounts code LOGIN",
        AccountRefusal::LoginTaken(_) => ": take another one",
        AccountRefusal::Disabled => ": let it sign in again with chappe accounts disable --undo",
        AccountRefusal::BadPassword(_) => {
            ": four words that have nothing to do with each other are good"
        }
        AccountRefusal::BadLogin(_)
        | AccountRefusal::NoName
        | AccountRefusal::WrongPassword
        | AccountRefusal::Wait { .. }
        | AccountRefusal::WrongCode
        | AccountRefusal::OwnAccount
        | AccountRefusal::Overtaken
        | AccountRefusal::NoSuchPupil
        | AccountRefusal::IdentityTaken
        | AccountRefusal::NoChance(_)
        | AccountRefusal::Hash(_)
        | AccountRefusal::Store(_) => "",
    }
}
